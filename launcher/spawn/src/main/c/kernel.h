/* The system calls of Linux that the executor makes, without a C library: numbers and structures of the kernel's ABI
 * (syscalls(2), linux/include/uapi), which never change. A call returns the result, or minus errno. */
#ifndef KERNEL_H
#define KERNEL_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef int i32;
typedef long i64;

#if defined(__x86_64__)

enum {
    NR_read = 0, NR_write = 1, NR_close = 3, NR_fstat = 5, NR_mmap = 9, NR_rt_sigaction = 13, NR_rt_sigprocmask = 14,
    NR_getpid = 39, NR_socket = 41, NR_connect = 42, NR_sendmsg = 46, NR_clone = 56, NR_execve = 59, NR_fcntl = 72, NR_ftruncate = 77, NR_chdir = 80, NR_umask = 95,
    NR_getppid = 110, NR_setsid = 112, NR_setgroups = 116, NR_setresuid = 117, NR_getresuid = 118, NR_setresgid = 119,
    NR_getresgid = 120, NR_capget = 125, NR_capset = 126, NR_setpriority = 141, NR_sched_setscheduler = 144,
    NR_prctl = 157, NR_sched_setaffinity = 203, NR_exit_group = 231, NR_openat = 257, NR_newfstatat = 262,
    NR_unlinkat = 263, NR_dup3 = 292, NR_prlimit64 = 302
};
enum { O_NOFOLLOW = 0400000 };
struct stat { u64 dev, ino, nlink; u32 mode, uid, gid, pad; u64 rdev, size, rest[11]; };

static inline i64 call6(i64 number, i64 a, i64 b, i64 c, i64 d, i64 e, i64 f)
{
    register i64 r10 __asm__("r10") = d;
    register i64 r8 __asm__("r8") = e;
    register i64 r9 __asm__("r9") = f;
    i64 result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

/* The kernel enters here with the stack holding argc, argv, envp. */
#define ENTRY(function) \
    __asm__(".globl _start\n_start: xor %ebp,%ebp\n mov %rsp,%rdi\n and $-16,%rsp\n call " #function "\n hlt\n")

#elif defined(__aarch64__)

enum {
    NR_dup3 = 24, NR_fcntl = 25, NR_unlinkat = 35, NR_ftruncate = 46, NR_chdir = 49, NR_openat = 56, NR_close = 57,
    NR_read = 63, NR_write = 64, NR_newfstatat = 79, NR_fstat = 80, NR_capget = 90, NR_capset = 91, NR_exit_group = 94,
    NR_sched_setscheduler = 119, NR_sched_setaffinity = 122, NR_rt_sigaction = 134, NR_rt_sigprocmask = 135,
    NR_setpriority = 140, NR_setresuid = 147, NR_getresuid = 148, NR_setresgid = 149, NR_getresgid = 150,
    NR_setsid = 157, NR_setgroups = 159, NR_umask = 166, NR_prctl = 167, NR_getpid = 172, NR_getppid = 173,
    NR_socket = 198, NR_connect = 203, NR_sendmsg = 211, NR_clone = 220, NR_execve = 221, NR_mmap = 222, NR_prlimit64 = 261
};
enum { O_NOFOLLOW = 0100000 };
struct stat { u64 dev, ino; u32 mode, nlink, uid, gid; u64 rdev, pad, size, rest[9]; };

static inline i64 call6(i64 number, i64 a, i64 b, i64 c, i64 d, i64 e, i64 f)
{
    register i64 x8 __asm__("x8") = number;
    register i64 x0 __asm__("x0") = a;
    register i64 x1 __asm__("x1") = b;
    register i64 x2 __asm__("x2") = c;
    register i64 x3 __asm__("x3") = d;
    register i64 x4 __asm__("x4") = e;
    register i64 x5 __asm__("x5") = f;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory", "cc");
    return x0;
}

#define ENTRY(function) __asm__(".globl _start\n_start: mov x29,#0\n mov x0,sp\n bl " #function "\n brk #1\n")

#else
#error "the executor knows x86_64 and aarch64"
#endif

/* call(write, 1, text, 5): the arguments not given are 0. */
#define call(name, ...) call_(NR_##name, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define call_(number, a, b, c, d, e, f, ...) \
    call6(number, (i64)(a), (i64)(b), (i64)(c), (i64)(d), (i64)(e), (i64)(f))

/* The same numbers on every architecture. */
enum { NR_close_range = 436, NR_openat2 = 437, NR_landlock_create_ruleset = 444, NR_landlock_add_rule = 445, NR_landlock_restrict_self = 446 };

enum { EPERM = 1, ENOENT = 2, EINTR = 4, EBADF = 9, EAGAIN = 11, ENOTDIR = 20, EINVAL = 22, ENAMETOOLONG = 36, ENOSYS = 38, EPROTO = 71 };

enum { AT_FDCWD = -100 };
enum {
    O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0100, O_NOCTTY = 0400, O_TRUNC = 01000, O_APPEND = 02000,
    O_CLOEXEC = 02000000, O_PATH = 010000000, AT_SYMLINK_NOFOLLOW = 0x100
};
struct open_how { u64 flags, mode, resolve; };
enum { RESOLVE_NO_SYMLINKS = 4 };
enum { F_SETFD = 2, FD_CLOEXEC = 1, F_OFD_SETLK = 37, F_DUPFD_CLOEXEC = 1030 };
enum { F_RDLCK = 0, F_WRLCK = 1 };
struct file_lock { u16 type, whence; i64 start, length; i32 pid; };

enum { S_IFMT = 0170000, S_IFDIR = 0040000 };
enum { PROT_READ = 1, PROT_WRITE = 2, MAP_PRIVATE = 2, MAP_ANONYMOUS = 0x20 };

enum { SIGKILL = 9, SIGSTOP = 19, SIGNALS = 64, SIG_SETMASK = 2 };
struct signal_action { u64 handler, flags, restorer, mask; };

enum {
    PR_SET_PDEATHSIG = 1, PR_SET_KEEPCAPS = 8, PR_CAPBSET_READ = 23, PR_CAPBSET_DROP = 24, PR_SET_NO_NEW_PRIVS = 38,
    PR_CAP_AMBIENT = 47, PR_CAP_AMBIENT_RAISE = 2, PR_CAP_AMBIENT_CLEAR_ALL = 4
};
enum { CAP_SETUID = 7 };
#define CAPABILITY_VERSION_3 0x20080522u
struct capability_header { u32 version; i32 pid; };
struct capability_data { u32 effective, permitted, inheritable; };

enum { LANDLOCK_CREATE_RULESET_VERSION = 1, LANDLOCK_RULE_PATH_BENEATH = 1 };
struct landlock_ruleset { u64 handled_fs, handled_net, scopes; };
struct landlock_path { u64 allowed; i32 parent; } __attribute__((packed));

enum { AF_UNIX = 1, SOCK_STREAM = 1, SOCK_CLOEXEC = 02000000 };
struct unix_address { u16 family; char path[108]; };
enum { SOL_SOCKET = 1, SCM_RIGHTS = 1, MSG_NOSIGNAL = 0x4000 };
struct io_vector { void *base; u64 length; };
struct message { void *name; u32 name_length; struct io_vector *vectors; u64 vector_count; void *control; u64 control_length; u32 flags; };
struct descriptor_message { u64 length; i32 level, type, descriptor, padding; };

#endif
