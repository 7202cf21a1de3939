/* What the parts of the executor share. Each step is one function that either succeeds or reports and never returns. */
#ifndef EXECUTOR_H
#define EXECUTOR_H

#include "orders.h"

#define NEVER_RETURNS __attribute__((noreturn))

/* report.c */
extern i32 control;
void NEVER_RETURNS leave(void);
void NEVER_RETURNS fail(const struct orders *orders, enum step step, const struct order *about, i64 result);
i64 must(const struct orders *orders, enum step step, const struct order *about, i64 result);
void say_ready(void);
/* Reads exactly so many bytes from the control socket; leaves at its end. */
void hear(void *buffer, u64 length);

/* descriptors.c */
void open_files(struct orders *orders);
void place_descriptors(struct orders *orders);
void close_others(struct orders *orders);
void hand_over(struct orders *orders, struct order *order);

/* surroundings.c */
void reset_signals(void);
void allow_signals(void);
void new_session(struct orders *orders);
void change_directory(struct orders *orders);
void set_umask(struct orders *orders);
void set_oom_score(struct orders *orders);
void set_scheduling(struct orders *orders);
void join_cgroups(struct orders *orders);
void set_label(struct orders *orders);
void set_limits(struct orders *orders);
void set_parent_death_signal(struct orders *orders);

/* locks.c */
void take_pid_file(struct orders *orders);
void empty_pid_file(const struct orders *orders);
void take_leases(struct orders *orders);

/* register.c */
void register_with_daemons(struct orders *orders);

/* confinement.c */
void no_new_privileges(struct orders *orders);
void restrict_files(struct orders *orders);
void drop_bounding(struct orders *orders);
void change_identity(struct orders *orders);
void set_capabilities(struct orders *orders);
void verify_rights(struct orders *orders);

/* detach.c */
void NEVER_RETURNS detach(i64 argc, char **argv);

#endif
