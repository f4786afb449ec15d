"""The system calls a cell may make.

libseccomp compiles the list once; each cell loads it with its own process id patched in.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from dataclasses import dataclass
from functools import partial

ALLOWED = """
read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek close close_range
fstat newfstatat fstatat64 stat lstat statx statfs fstatfs access faccessat faccessat2 open openat creat readlink
readlinkat
getdents getdents64 getcwd chdir fchdir mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2
ftruncate truncate fallocate fsync fdatasync umask fadvise64 sendfile copy_file_range
dup dup2 dup3 pipe pipe2 poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait
eventfd eventfd2
munmap mremap mprotect brk madvise mincore msync membarrier
futex futex_waitv set_robust_list get_robust_list rseq exit exit_group gettid getpid getppid getpgrp getpgid getsid
getuid geteuid getgid getegid getresuid getresgid getgroups capget
getrandom clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getrusage getitimer setitimer
alarm pause
timer_create timer_settime timer_gettime timer_delete timer_getoverrun
sched_yield sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min
getpriority
sysinfo uname getcpu rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack
restart_syscall
getrlimit arch_prctl set_tid_address wait4 waitid
"""

# Honest code may stumble on these: it gets a PermissionError that Python can show.
REFUSED = """
execve execveat fork vfork socket socketpair connect bind listen accept accept4 sendto sendmsg recvfrom recvmsg
sendmmsg recvmmsg
symlink symlinkat link linkat mknod mknodat setuid setgid setreuid setregid setresuid setresgid setgroups setpgid setsid
memfd_create sched_setaffinity sched_setscheduler sched_setparam setpriority ioprio_set chroot
shmget shmat shmctl semget semop semctl msgget mq_open inotify_init inotify_init1 inotify_add_watch
flock chown fchown lchown fchownat setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr mlock mlockall
setrlimit tkill
"""

# Nobody honest needs these: the process ends with SIGSYS, so that the result can say so.
DEADLY = """
ptrace process_vm_readv process_vm_writev process_madvise pidfd_open pidfd_getfd pidfd_send_signal kcmp
mount umount2 pivot_root move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr unshare setns
bpf perf_event_open userfaultfd keyctl add_key request_key io_uring_setup io_uring_enter io_uring_register
init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct quotactl
settimeofday clock_settime adjtimex open_by_handle_at name_to_handle_at lookup_dcookie personality modify_ldt iopl
ioperm
seccomp syslog vhangup sethostname setdomainname nfsservctl fanotify_init memfd_secret
"""

# Landlock does not cover metadata. Answered with success and not done: archives and copies set times and modes on
# their files.
PRETENDED = "utime utimes utimensat futimesat chmod fchmod fchmodat fchmodat2"

SIGNALS = "kill tgkill rt_sigqueueinfo rt_tgsigqueueinfo"
IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS TIOCGWINSZ FIONREAD FIONBIO FIONCLEX FIOCLEX
FCNTLS = (0, 1, 2, 3, 4, 1030)  # F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_DUPFD_CLOEXEC
PRCTLS = (3, 15, 16, 39, 0x53564D41)  # GET_DUMPABLE SET_NAME GET_NAME GET_NO_NEW_PRIVS SET_VMA

CLONE_THREAD = 0x10000
CLONE_NAMESPACES = 0x7E020000
MAP_SHARED, MAP_ANONYMOUS = 0x01, 0x20

_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NOT_EQUAL, _EQUAL, _MASKED = 1, 4, 7
_BAD_ARCH, _OPTIMIZE = 2, 8
_OWN_PID = 0x7ABBCC1D
_SET_SECCOMP, _FILTER_MODE = 22, 2


class _Comparison(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


@dataclass(frozen=True, slots=True)
class Filter:
    """A compiled list of system calls."""

    program: bytes

    def load(self, pid: int) -> None:
        """Bind the calling, single-threaded process `pid` to the list, for good. Needs no_new_privs. Raises OSError."""
        code = self.program.replace(struct.pack("<I", _OWN_PID), struct.pack("<I", pid))
        buffer = ctypes.create_string_buffer(code, len(code))
        program = _Program(len(code) // 8, ctypes.addressof(buffer))
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.byref(program), 0, 0):
            code_ = ctypes.get_errno()
            raise OSError(code_, os.strerror(code_))


def compiled() -> Filter:
    """The filter for this machine's architecture. Raises OSError when libseccomp is missing or refuses."""
    library = _library()
    context = library.seccomp_init(_ERRNO | errno.ENOSYS)
    try:
        library.seccomp_attr_set(context, _BAD_ARCH, _KILL)
        library.seccomp_attr_set(context, _OPTIMIZE, 2)  # a binary tree: half the cost a call
        _add_lists(partial(_rule, library, context))
        _add_conditions(partial(_rule, library, context))
        return Filter(_export(library, context))
    finally:
        library.seccomp_release(context)


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_init.argtypes = [ctypes.c_uint32]
    library.seccomp_rule_add_array.argtypes = [
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.POINTER(_Comparison),
    ]
    library.seccomp_attr_set.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32]
    library.seccomp_export_bpf.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.seccomp_release.argtypes = [ctypes.c_void_p]
    library.seccomp_release.restype = None
    return library


def _rule(library: ctypes.CDLL, context: int, action: int, name: str, *comparisons: tuple[int, int, int, int]) -> None:
    number = library.seccomp_syscall_resolve_name(name.encode())
    if number == -1:
        return  # newer than this libseccomp: the default, ENOSYS, answers
    rows = (_Comparison * len(comparisons))(*(_Comparison(*row) for row in comparisons))
    result = library.seccomp_rule_add_array(context, action, number, len(comparisons), rows)
    # EDOM: this architecture has no such call. EACCES: the rule says what the default says.
    if result < 0 and -result not in (errno.EDOM, errno.EACCES):
        raise OSError(-result, f"{name}: {os.strerror(-result)}")


def _add_lists(rule: partial[None]) -> None:
    lists = ((_ALLOW, ALLOWED), (_ERRNO | errno.EPERM, REFUSED), (_KILL, DEADLY), (_ERRNO | 0, PRETENDED))
    for action, names in lists:
        for name in names.split():
            rule(action, name)


def _add_conditions(rule: partial[None]) -> None:
    refuse = _ERRNO | errno.EPERM
    # Threads, never processes. clone3 hides its flags behind a pointer; told ENOSYS, the C library falls back to clone.
    rule(_ALLOW, "clone", (0, _MASKED, CLONE_THREAD | CLONE_NAMESPACES, CLONE_THREAD))
    rule(refuse, "clone", (0, _MASKED, CLONE_THREAD, 0))
    for name in SIGNALS.split():
        rule(_ALLOW, name, (0, _EQUAL, _OWN_PID, 0))
        rule(refuse, name, (0, _NOT_EQUAL, _OWN_PID, 0))
    rule(_ALLOW, "prlimit64", (0, _EQUAL, 0, 0))
    rule(refuse, "prlimit64", (0, _NOT_EQUAL, 0, 0))
    # RLIMIT_DATA does not count shared anonymous memory: there is none.
    rule(_ALLOW, "mmap", (3, _MASKED, MAP_SHARED, 0))
    rule(_ALLOW, "mmap", (3, _MASKED, MAP_SHARED | MAP_ANONYMOUS, MAP_SHARED))
    rule(_ERRNO | errno.ENOMEM, "mmap", (3, _MASKED, MAP_SHARED | MAP_ANONYMOUS, MAP_SHARED | MAP_ANONYMOUS))
    for name, argument, values in (("ioctl", 1, IOCTLS), ("fcntl", 1, FCNTLS), ("prctl", 0, PRCTLS)):
        for value in values:
            rule(_ALLOW, name, (argument, _EQUAL, value, 0))


def _export(library: ctypes.CDLL, context: int) -> bytes:
    target = os.memfd_create("filter")
    try:
        result = library.seccomp_export_bpf(context, target)
        if result < 0:
            raise OSError(-result, os.strerror(-result))
        return os.pread(target, 1 << 20, 0)
    finally:
        os.close(target)
