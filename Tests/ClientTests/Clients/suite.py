"""Runs a client's cases and reports each as one line of JSON: {"case", "ok", "seconds", "detail"}.

A script registers cases with @case and ends with run(). Arguments: the bootstrap servers, then the names of cases; none
means all. Names of topics and groups are new for each run, so that scripts can share a broker.
"""
import asyncio
import inspect
import json
import os
import random
import sys
import time
import traceback

BOOTSTRAP = sys.argv[1]
RUN = f"{random.SystemRandom().getrandbits(32):08x}"
CASES = {}


def case(function):
    CASES[function.__name__.replace("_", "-")] = function
    return function


def name(base):
    """A topic's, group's or transaction's name that no other run uses."""
    return f"{base}-{RUN}-{random.getrandbits(24):06x}"


def until(what, condition, seconds=30):
    """Waits until the condition holds and returns its value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.01)


def equal(actual, expected, what=""):
    if actual != expected:
        raise AssertionError(f"{what}: {str(actual)[:300]} is not {str(expected)[:300]}")


def raises(expected, body, what=""):
    """Runs body, which must fail with a code that `expected` accepts; returns the error."""
    try:
        body()
    except Exception as error:  # noqa: BLE001
        if expected(error):
            return error
        raise AssertionError(f"{what}: failed with {error!r}") from error
    raise AssertionError(f"{what}: it did not fail")


def report(case_name, ok, started, detail=""):
    print(json.dumps({"case": case_name, "ok": ok, "seconds": round(time.monotonic() - started, 3),
                      "detail": detail}), flush=True)


def run():
    wanted = sys.argv[2:] or list(CASES)
    failed = 0
    for case_name in wanted:
        started = time.monotonic()
        try:
            result = CASES[case_name]()
            if inspect.iscoroutine(result):
                asyncio.run(asyncio.wait_for(result, 120))
            report(case_name, True, started)
        except BaseException as error:  # noqa: BLE001
            failed += 1
            frames = traceback.extract_tb(error.__traceback__)
            places = [f"{os.path.basename(f.filename)}:{f.lineno}" for f in frames if "Clients" in f.filename]
            report(case_name, False, started, f"{type(error).__name__}: {error} at {', '.join(places)}"[:1500])
            if isinstance(error, KeyboardInterrupt):
                break
    sys.stdout.flush()
    # Clients that still hang in their own threads must not hold the report back.
    os._exit(1 if failed else 0)
