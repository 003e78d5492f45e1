"""kcat, on Debian's librdkafka 2.0.2: what people type."""
import json
import subprocess

from suite import BOOTSTRAP, case, equal, name, run


def kcat(*arguments, stdin="", check=True):
    done = subprocess.run(["kcat", "-b", BOOTSTRAP, *arguments], input=stdin.encode(), capture_output=True, timeout=60,
                          check=False)
    if check and done.returncode != 0:
        raise AssertionError(f"kcat {arguments} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    return done.stdout.decode()


def created(base="kcat"):
    """A topic with one record, made by producing to it."""
    target = name(base)
    kcat("-P", "-t", target, stdin="first\n")
    return target


@case
def metadata():
    target = created()
    answer = json.loads(kcat("-L", "-J", "-t", target))
    equal(answer["topics"][0]["topic"], target)
    equal(len(answer["brokers"]), 1)


@case
def codecs():
    for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
        target = name("kcat")
        lines = [f"{number} " * 40 for number in range(200)]
        kcat("-P", "-t", target, "-z", codec, stdin="\n".join(lines) + "\n")
        equal(kcat("-C", "-t", target, "-e", "-q").splitlines(), lines, codec)


@case
def keys_headers_nulls():
    target = name("kcat")
    kcat("-P", "-t", target, "-K", ":", "-H", "h=v", stdin="a:1\n")
    kcat("-P", "-t", target, "-K", ":", "-Z", stdin="b:\n")
    lines = [json.loads(line) for line in kcat("-C", "-t", target, "-e", "-q", "-J").splitlines()]
    equal([(line["key"], line["payload"]) for line in lines], [("a", "1"), ("b", None)])
    equal(lines[0]["headers"], ["h", "v"])


@case
def offsets_and_times():
    target = created()
    kcat("-P", "-t", target, stdin="second\nthird\n")
    equal(kcat("-C", "-t", target, "-o", "-1", "-e", "-q"), "third\n")
    equal(kcat("-C", "-t", target, "-o", "1", "-c", "1", "-q"), "second\n")
    equal(kcat("-Q", "-t", f"{target}:0:1").strip(), f"{target} [0] offset 0")
    equal(kcat("-C", "-t", target, "-o", "s@1", "-e", "-q"), "first\nsecond\nthird\n")


@case
def group():
    target, member = created(), name("kcat-group")
    options = ("-X", "auto.offset.reset=earliest", "-q", "-c", "1", "-G", member, target)
    equal(kcat(*options), "first\n")
    kcat("-P", "-t", target, stdin="second\n")
    equal(kcat(*options), "second\n")


@case
def idempotence():
    target = name("kcat")
    kcat("-P", "-t", target, "-X", "enable.idempotence=true", stdin="a\nb\nc\n")
    equal(kcat("-C", "-t", target, "-e", "-q"), "a\nb\nc\n")


@case
def transaction():
    target = created()
    kcat("-P", "-t", target, "-X", f"transactional.id={name('kcat-tx')}", stdin="a\nb\n")
    equal(kcat("-C", "-t", target, "-e", "-q", "-X", "isolation.level=read_committed"), "first\na\nb\n")


if __name__ == "__main__":
    run()
