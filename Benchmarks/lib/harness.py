"""What the benchmarks share: a throwaway PostgreSQL, measured processes, and tables of medians.

Only Python's standard library. Everything runs on this machine's loopback or Unix sockets.
"""
import atexit
import glob
import os
import pwd
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def server_binaries():
    found = glob.glob("/usr/lib/postgresql/*/bin/postgres")
    if not found:
        sys.exit("no PostgreSQL server found; install the package 'postgresql'")
    return os.path.dirname(max(found, key=lambda path: int(path.split("/")[4])))


def tailrace_binary():
    path = os.environ.get("TAILRACE", os.path.join(ROOT, ".build/release/tailrace"))
    if not os.path.exists(path):
        sys.exit(f"{path} is missing; build it with: swift build -c release --product tailrace")
    return path


def build_walreader(directory):
    target = os.path.join(directory, "walreader")
    include = subprocess.run(["pg_config", "--includedir"], capture_output=True, text=True, check=True).stdout.strip()
    source = os.path.join(ROOT, "Benchmarks/walreader/walreader.c")
    subprocess.run(["cc", "-O2", "-o", target, source, f"-I{include}", "-lpq"], check=True)
    return target


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A PostgreSQL of our own in a temporary directory, removed at exit."""

    def __init__(self, **settings):
        self.binaries = server_binaries()
        self.directory = tempfile.mkdtemp(prefix="tailrace-bench-")
        self.port = free_port()
        self.as_user = []
        if os.geteuid() == 0:
            user = next(u for u in ("postgres", "nobody") if u in {p.pw_name for p in pwd.getpwall()})
            shutil.chown(self.directory, user)
            self.as_user = ["runuser", "-u", user, "--"]
        atexit.register(self.stop)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit(1))
        data = os.path.join(self.directory, "data")
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = {
            "port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.directory,
            "wal_level": "logical", "max_replication_slots": 60, "max_wal_senders": 60, "fsync": "off",
            "wal_sender_timeout": 0, "max_wal_size": "20GB", "shared_buffers": "512MB", "checkpoint_timeout": "1h",
            "autovacuum": "off", "logical_decoding_work_mem": "64MB",
        } | settings
        with open(os.path.join(data, "postgresql.auto.conf"), "w") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in options.items())
        self._run("pg_ctl", "-D", data, "-w", "-l", os.path.join(self.directory, "log"), "start")
        self.data = data

    def _run(self, program, *arguments):
        subprocess.run(self.as_user + [os.path.join(self.binaries, program), *arguments], check=True,
                       stdout=subprocess.DEVNULL, cwd=self.directory)

    def stop(self):
        if not os.path.isdir(self.directory):
            return
        subprocess.run(self.as_user + [os.path.join(self.binaries, "pg_ctl"), "-D", os.path.join(self.directory, "data"),
                                       "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       cwd="/")
        shutil.rmtree(self.directory, ignore_errors=True)

    def environment(self, database, unix=False):
        host = self.directory if unix else "127.0.0.1"
        return os.environ | {"PGHOST": host, "PGPORT": str(self.port), "PGUSER": "postgres", "PGDATABASE": database,
                             "PGSSLMODE": "disable", "PGGSSENCMODE": "disable"}

    def sql(self, text, database="postgres"):
        result = subprocess.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1"], input=text, text=True, capture_output=True,
                                env=self.environment(database))
        if result.returncode != 0:
            sys.exit(f"psql failed: {result.stderr}")
        return result.stdout.strip()

    def walsender_cpu(self):
        """CPU seconds of every walsender alive now, by process id."""
        pids = self.sql("SELECT pid FROM pg_stat_replication").split()
        ticks = os.sysconf("SC_CLK_TCK")
        usage = {}
        for pid in pids:
            try:
                fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
                usage[pid] = (int(fields[11]) + int(fields[12])) / ticks
            except OSError:
                pass
        return usage


class Run:
    """What one measured process took."""

    def __init__(self, seconds, cpu, peak_mib, output):
        self.seconds, self.cpu, self.peak_mib, self.output = seconds, cpu, peak_mib, output


def measure(command, environment, timeout=900, until=None):
    """Runs `command` to its end. With `until`, a function of the output so far, stops it once that is true."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE if until else output,
                                   stderr=subprocess.PIPE, cwd=tempfile.gettempdir())
        finished = None
        if until:
            for line in process.stdout:
                output.write(line)
                if until(line):
                    finished = time.perf_counter()
                    process.send_signal(signal.SIGINT)
                    break
            process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = (finished or time.perf_counter()) - started
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode not in (0, -signal.SIGINT) and not until:
        sys.exit(f"{command[0]} failed ({process.returncode}): {process.stderr.read().decode(errors='replace')[:2000]}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def median(values):
    return statistics.median(values)


def spread(values):
    return f"{min(values):,.0f}–{max(values):,.0f}"


def table(header, rows):
    widths = [max(len(str(row[i])) for row in [header] + rows) for i in range(len(header))]
    line = lambda row: "| " + " | ".join(str(cell).ljust(width) for cell, width in zip(row, widths)) + " |"
    print(line(header))
    print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    for row in rows:
        print(line(row))


def machine():
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    version = subprocess.run([os.path.join(server_binaries(), "postgres"), "--version"], capture_output=True, text=True)
    return f"{os.cpu_count()} cores ({model}), {version.stdout.strip()}"
