/* What surrounds the program: signals, session, directory, limits, scheduling, control groups, label. */
#include "executor.h"

/* Handlers are gone since the executor's own execve; ignored signals are not (nohup, SIGCHLD of a careless parent). */
void reset_signals(void)
{
    static const struct signal_action by_default;
    for (i32 signal = 1; signal <= SIGNALS; signal++)
        if (signal != SIGKILL && signal != SIGSTOP)
            call(rt_sigaction, signal, &by_default, 0, sizeof(u64));
}

/* All signals have been blocked since before the process was born. */
void allow_signals(void)
{
    static const u64 none;
    call(rt_sigprocmask, SIG_SETMASK, &none, 0, sizeof none);
}

void new_session(struct orders *orders)
{
    struct order *order = only_order(orders, ORDER_NEW_SESSION);
    if (order)
        must(orders, STEP_NEW_SESSION, order, call(setsid));
}

void change_directory(struct orders *orders)
{
    struct order *order = only_order(orders, ORDER_DIRECTORY);
    if (order)
        must(orders, STEP_CHANGE_DIRECTORY, order, call(chdir, text_at(order, 0)));
}

void set_umask(struct orders *orders)
{
    struct order *order = only_order(orders, ORDER_UMASK);
    if (order)
        call(umask, number_at(order, 0));
}

static void write_text(struct orders *orders, enum step step, struct order *order, const char *path, const char *text)
{
    i64 file = must(orders, step, order, call(openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC));
    must(orders, step, order, call(write, file, text, text_length(text)));
    call(close, file);
}

void set_oom_score(struct orders *orders)
{
    struct order *order = only_order(orders, ORDER_OOM_SCORE);
    if (order)
        write_text(orders, STEP_SET_OOM_SCORE, order, "/proc/self/oom_score_adj", text_at(order, 0));
}

void set_scheduling(struct orders *orders)
{
    struct order *policy = only_order(orders, ORDER_SCHEDULING);
    if (policy) {
        i32 priority = (i32)number_at(policy, 4);
        must(orders, STEP_SET_SCHEDULING, policy, call(sched_setscheduler, 0, number_at(policy, 0), &priority));
    }
    struct order *nice = only_order(orders, ORDER_NICE);
    if (nice)
        must(orders, STEP_SET_NICE, nice, call(setpriority, 0, 0, (i32)number_at(nice, 0)));
    struct order *affinity = only_order(orders, ORDER_AFFINITY);
    if (affinity)
        must(orders, STEP_SET_AFFINITY, affinity, call(sched_setaffinity, 0, affinity->length, affinity->payload));
}

void join_cgroups(struct orders *orders)
{
    for (struct order *order = 0; (order = next_order(orders, ORDER_CGROUP, order));)
        write_text(orders, STEP_JOIN_CGROUP, order, text_at(order, 0), "0");
}

/* Takes effect at execve: the kernel's security module reads the attribute then. */
void set_label(struct orders *orders)
{
    struct order *order = only_order(orders, ORDER_LABEL);
    if (order) {
        char *attribute = text_at(order, 0);
        write_text(orders, STEP_SET_LABEL, order, attribute, attribute + text_length(attribute) + 1);
    }
}

/* After everything that opens or writes a file here: the program's limits must not hinder the executor. */
void set_limits(struct orders *orders)
{
    for (struct order *order = 0; (order = next_order(orders, ORDER_LIMIT, order));)
        must(orders, STEP_SET_LIMIT, order, call(prlimit64, 0, number_at(order, 0), order->payload + 8, 0));
}

/* After the change of identity, which clears it (prctl(2)). A parent that died before this line sends nothing any more. */
void set_parent_death_signal(struct orders *orders)
{
    struct order *order = only_order(orders, ORDER_DEATH_SIGNAL);
    if (!order)
        return;
    must(orders, STEP_PARENT_DEATH_SIGNAL, order, call(prctl, PR_SET_PDEATHSIG, number_at(order, 0)));
    if ((u32)call(getppid) != number_at(order, 4))
        leave();
}
