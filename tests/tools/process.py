"""process: what the tests share that run whole processes: places of their own, and patience."""
import ctypes, os, socket, subprocess, sys, tempfile, time

VEGAWIRE = os.path.join(sys.argv.pop(1), "vegawire")
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
DATA = os.environ.get("VEGAWIRE_DATA", os.path.join(SOURCE, "..", "shared", "data"))


def need_data(path):
    """Ends the test as one that was skipped where the data that may not be copied is not there."""
    if not os.path.exists(os.path.join(DATA, path)):
        print("skipped: no %s (set VEGAWIRE_DATA)" % os.path.join(DATA, path))
        sys.exit(77)
    return os.path.join(DATA, path)


def free_port(kind=socket.SOCK_DGRAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def free_ports(count):
    """So many TCP ports in a row."""
    while True:
        first = free_port(socket.SOCK_STREAM)
        try:
            probes = []
            for port in range(first, first + count):
                probes.append(socket.socket())
                probes[-1].bind(("127.0.0.1", port))
            return first
        except (OSError, OverflowError):
            pass
        finally:
            for probe in probes:
                probe.close()


class Place:
    """Groups, ports and an endpoint that nobody else has, and a configuration that uses them."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="vegawire-test-")
        low = "%d.%d" % (os.getpid() >> 8 & 255, os.getpid() & 255)
        self.groups = ["239.%d.%s" % (n, low) for n in (210, 211, 212, 213)]
        self.ports = [free_port() for _ in range(4)]
        self.endpoint = "tcp://127.0.0.1:%d" % free_port(socket.SOCK_STREAM)

    def lines(self, first):
        return ", ".join("{group: %s, port: %d}" % (self.groups[i], self.ports[i])
                         for i in (first, first + 1))

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def config(self, io="auto", more="", threads="single", servers=(0, 0), more_of_channel=""):
        return self.write("vegawire.yaml", """
feed:
  io: %s
  channels:
    - {name: c1-options, protocol: pitch, lines: [%s]%s%s}
    - {name: cfe, protocol: cfe, lines: [%s]%s%s}
publisher: {endpoint: "%s"}
topology: {threads: %s}
%s""" % (io, self.lines(0), self.recovery(0, servers), more_of_channel, self.lines(2),
          self.recovery(1, servers), more_of_channel, self.endpoint, threads, more))

    def recovery(self, channel, servers):
        """The keys of a channel whose servers are at the ports that `vegawire sim --servers` takes;
        replays come on a port of their own of line A's group."""
        first, replays = servers
        if first == 0:
            return ""
        return (", gap: {port: %d, group: %s, group_port: %d}, spin: [{port: %d}]" %
                (first + 2 * channel, self.groups[2 * channel], replays + channel,
                 first + 2 * channel + 1))


LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_us():
    """For preexec: the kernel kills the child when this test is killed."""
    LIBC.prctl(1, 9, 0, 0, 0)  # PR_SET_PDEATHSIG, SIGKILL
    if os.getppid() == 1:  # it was, before that
        os._exit(77)


class Process:
    """vegawire with its two outputs in files, so that it never waits for a reader; it does not
    outlive the test."""

    def __init__(self, place, *arguments, before=(), preexec=None):
        self.out = tempfile.TemporaryFile(dir=place.folder.name)
        self.err = tempfile.TemporaryFile(dir=place.folder.name)

        def prepare():
            die_with_us()
            if preexec is not None:
                preexec()

        self.child = subprocess.Popen([*before, VEGAWIRE, *arguments], stdin=subprocess.DEVNULL,
                                      stdout=self.out, stderr=self.err, preexec_fn=prepare)

    def read(self, file):
        return os.pread(file.fileno(), 1 << 26, 0).decode()

    def stdout(self):
        return self.read(self.out)

    def stderr(self):
        return self.read(self.err)

    def lines_from(self, offset):
        """Whole lines written to stdout from offset on, and the offset behind them."""
        new = os.pread(self.out.fileno(), 1 << 26, offset)
        new = new[:new.rfind(b"\n") + 1]
        return new.decode().splitlines(), offset + len(new)

    def wait_for(self, text, seconds=10, count=1, stdout=False):
        """Until the output has text (count times); what it has, when that never comes."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            said = self.stdout() if stdout else self.stderr()
            if said.count(text) >= count:
                return said
            if self.child.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError("%r did not come within %g s (exit code %s):\n%s%s" %
                             (text, seconds, self.child.poll(), self.stdout()[-2000:],
                              self.stderr()[-2000:]))

    def end(self, seconds=10):
        return self.child.wait(timeout=seconds)

    def signal(self, number):
        self.child.send_signal(number)

    def close(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()
        self.out.close()
        self.err.close()


class SockFilter(ctypes.Structure):
    _fields_ = [("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte),
                ("k", ctypes.c_uint)]


class SockProgram(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.POINTER(SockFilter))]


def refuse_io_uring():
    """For preexec: the kernel answers io_uring_setup (425) with EPERM, as under container rules."""
    program = (SockFilter * 4)(SockFilter(0x20, 0, 0, 0),           # load the system call's number
                               SockFilter(0x15, 0, 1, 425),         # io_uring_setup?
                               SockFilter(0x06, 0, 0, 0x00050001),  # EPERM
                               SockFilter(0x06, 0, 0, 0x7FFF0000))  # allowed
    whole = SockProgram(4, program)
    if LIBC.prctl(38, 1, 0, 0, 0) != 0 or LIBC.prctl(22, 2, ctypes.byref(whole), 0, 0) != 0:
        os._exit(77)


def finish(sub):
    """Ends a subscriber once it has said all it has."""
    size = -1
    while size != os.fstat(sub.out.fileno()).st_size:
        size = os.fstat(sub.out.fileno()).st_size
        time.sleep(0.7)
    sub.signal(2)
    sub.end(30)


def replay(place, *arguments, topics=(), stdin=None, code=0):
    """What a replay publishes, as lines of `sub`; and what it writes to stdout and stderr."""
    endpoint = "tcp://127.0.0.1:%d" % free_port(socket.SOCK_STREAM)
    sub = Process(place, "sub", endpoint, *topics)
    done = subprocess.run([VEGAWIRE, "replay", "--endpoint", endpoint, "--wait", "1", *arguments],
                          capture_output=True, timeout=60, stdin=stdin, preexec_fn=die_with_us)
    if done.returncode != code:
        raise AssertionError("exit code %d: %s" % (done.returncode, done.stderr.decode()))
    finish(sub)
    lines = sub.stdout().splitlines()
    sub.close()
    return lines, done.stdout.decode(), done.stderr.decode()
