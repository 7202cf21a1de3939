/* Files whose lock the program inherits. An OFD lock (fcntl(2)) belongs to the open file, not to a process: it passes
 * through execve and goes when the last holder of the descriptor is gone. */
#include "executor.h"

static i64 lock_file(i64 file, int shared)
{
    struct file_lock lock = { .type = shared ? F_RDLCK : F_WRLCK };
    return call(fcntl, file, F_OFD_SETLK, &lock);
}

/* Somebody may have removed or replaced the file between our open and our lock: that lock would guard nothing. */
static int is_still(i64 file, const char *path)
{
    struct stat ours, named;
    return call(fstat, file, &ours) == 0 && call(newfstatat, AT_FDCWD, path, &named, AT_SYMLINK_NOFOLLOW) == 0
        && ours.dev == named.dev && ours.ino == named.ino;
}

static i64 open_locked(struct orders *orders, enum step step, struct order *order, const char *path, u32 mode, int shared)
{
    for (;;) {
        i64 file = must(orders, step, order,
                        call(openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, mode));
        must(orders, step, order, lock_file(file, shared));
        if (is_still(file, path))
            return file;
        call(close, file);
    }
}

/* Writes the decimal digits of the pid and a newline; returns their number. */
static u64 pid_line(char line[16])
{
    char digits[16];
    u64 count = 0;
    for (u32 pid = (u32)call(getpid); pid > 0; pid /= 10)
        digits[count++] = (char)('0' + pid % 10);
    for (u64 i = 0; i < count; i++)
        line[i] = digits[count - 1 - i];
    line[count] = '\n';
    return count + 1;
}

/* Returns the number of bytes. */
static u64 write_pid(struct orders *orders, enum step step, struct order *order, i64 file)
{
    char line[16];
    u64 count = pid_line(line);
    must(orders, step, order, call(write, file, line, count));
    return count;
}

/* After the new text, what a longer one of an earlier holder has left. Not before it: emptying a file costs a file system
 * with a journal more than all else here. */
static void cut_at(struct orders *orders, enum step step, struct order *order, i64 file, u64 length)
{
    struct stat status;
    must(orders, step, order, call(fstat, file, &status));
    if (status.size > length)
        must(orders, step, order, call(ftruncate, file, length));
}

static void let_inherit(i64 file)
{
    call(fcntl, file, F_SETFD, 0);
}

static i64 pid_file = -1;

void take_pid_file(struct orders *orders)
{
    struct order *order = only_order(orders, ORDER_PID_FILE);
    if (!order)
        return;
    pid_file = open_locked(orders, STEP_PID_FILE, order, text_at(order, 0), 0644, 0);
    u64 length = write_pid(orders, STEP_PID_FILE, order, pid_file);
    cut_at(orders, STEP_PID_FILE, order, pid_file, length);
    let_inherit(pid_file);
}

/* When the program will not run. The rights to remove the file may be gone already; to empty it, the descriptor is enough. */
void empty_pid_file(const struct orders *orders)
{
    if (pid_file < 0)
        return;
    call(ftruncate, pid_file, 0);
    call(unlinkat, AT_FDCWD, text_at(only_order(orders, ORDER_PID_FILE), 0), 0);
}

void take_leases(struct orders *orders)
{
    for (struct order *order = 0; (order = next_order(orders, ORDER_LEASE, order));) {
        char *path = text_at(order, 8), *holder = path + text_length(path) + 1;
        i64 file = open_locked(orders, STEP_LEASE, order, path, 0600, (int)number_at(order, 0));
        u64 length = text_length(holder);
        must(orders, STEP_LEASE, order, call(write, file, holder, length));
        must(orders, STEP_LEASE, order, call(write, file, " ", 1));
        length += 1 + write_pid(orders, STEP_LEASE, order, file);
        cut_at(orders, STEP_LEASE, order, file, length);
        let_inherit(file);
    }
}
