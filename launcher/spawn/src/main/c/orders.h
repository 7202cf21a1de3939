/* What the spawner says to the executor and what it hears back, all on one stream socket. Numbers in the machine's own
 * byte order: both ends are one machine. Orders.java writes what this reads.
 *
 *   spawner  -> executor   struct orders_header, then `length` bytes of orders, each padded to 8 bytes
 *   executor -> spawner    struct report: READY when a handshake was ordered, FAILED when a step failed
 *   spawner  -> executor   one byte 'G' after READY: go. Anything else, or the end of the stream: leave.
 *   end of the stream      (the socket is close-on-exec) execve succeeded
 */
#ifndef ORDERS_H
#define ORDERS_H

#include "kernel.h"

#define ORDERS_MAGIC 0x3152444fu /* "ODR1": the 1 is the version of this file */

struct orders_header { u32 magic, length; };

struct order { u16 type, zero; u32 length; char payload[]; };

/* In the order in which the steps use them. The payload is in the comment; text ends with a NUL. */
enum order_type {
    ORDER_DEATH_SIGNAL = 1,  /* u32 signal, u32 the parent's pid */
    ORDER_NEW_SESSION,       /* nothing */
    ORDER_OPEN,              /* struct open_order, path */
    ORDER_INHERIT,           /* u32 source, u32 target */
    ORDER_NULL,              /* u32 target */
    ORDER_SAME,              /* u32 existing target, u32 target */
    ORDER_DIRECTORY,         /* path */
    ORDER_UMASK,             /* u32 */
    ORDER_OOM_SCORE,         /* text */
    ORDER_SCHEDULING,        /* u32 policy, u32 priority */
    ORDER_NICE,              /* i32, u32 zero */
    ORDER_AFFINITY,          /* 128 bytes: one bit per processor */
    ORDER_CGROUP,            /* path of a cgroup.procs, or of tasks in version 1 */
    ORDER_PID_FILE,          /* path */
    ORDER_LEASE,             /* u32 shared, u32 zero, path, holder */
    ORDER_LABEL,             /* path of the attribute, value */
    ORDER_NO_NEW_PRIVILEGES, /* nothing */
    ORDER_LANDLOCK_RULE,     /* u64 access, u32 LANDLOCK_ flags, u32 zero, path */
    ORDER_LANDLOCK,          /* u64 access to files that is handled, u64 scopes, u64 access to the network that is handled */
    ORDER_LIMIT,             /* u32 resource, u32 zero, u64 soft, u64 hard */
    ORDER_IDENTITY,          /* struct identity_order, then `count` group ids of u32 */
    ORDER_CAPABILITIES,      /* u64 the capabilities kept */
    ORDER_HANDSHAKE,         /* nothing */
    ORDER_PROGRAM,           /* path */
    ORDER_ARGUMENTS,         /* any number of texts */
    ORDER_ENVIRONMENT,       /* any number of texts */
    ORDER_HAND_OVER,         /* u32 target: send that descriptor back instead of executing a program; u32 zero */
    ORDER_REGISTER,          /* struct register_order, path of a socket */
    ORDER_TYPES
};

struct open_order { u32 target, flags, permissions, zero; char path[]; };
enum { OPEN_READ = 0, OPEN_WRITE = 1, OPEN_READ_WRITE = 2, OPEN_ACCESS = 3, OPEN_APPEND = 4, OPEN_CREATE = 8, OPEN_TRUNCATE = 16 };

/* What is said and what must come back: at most REGISTER_BYTES each. */
enum { REGISTER_BYTES = 64 };
struct register_order { u32 said, heard; char saying[REGISTER_BYTES], hearing[REGISTER_BYTES]; char path[]; };

/* OPTIONAL: a missing path is no failure. EXACT: a symbolic link anywhere on the way is one. */
enum { LANDLOCK_OPTIONAL = 1, LANDLOCK_EXACT = 2 };

struct identity_order { u32 uid, gid, count, zero; u32 groups[]; };

struct report { u32 kind, step, error, order; };
enum { REPORT_READY = 1, REPORT_FAILED = 2 };

/* The steps a failure names: SpawnStep.java has the same numbers. */
enum step {
    STEP_READ_ORDERS = 20, STEP_PARENT_DEATH_SIGNAL, STEP_NEW_SESSION, STEP_OPEN_FILE, STEP_PLACE_DESCRIPTORS,
    STEP_CHANGE_DIRECTORY, STEP_SET_LIMIT, STEP_SET_OOM_SCORE, STEP_SET_SCHEDULING, STEP_SET_NICE, STEP_SET_AFFINITY,
    STEP_JOIN_CGROUP, STEP_PID_FILE, STEP_LEASE, STEP_SET_LABEL, STEP_LANDLOCK, STEP_DROP_BOUNDING, STEP_SET_GROUPS,
    STEP_SET_GID, STEP_SET_UID, STEP_SET_CAPABILITIES, STEP_NO_NEW_PRIVILEGES, STEP_VERIFY, STEP_HANDSHAKE,
    STEP_EXECUTE, STEP_SEND_DESCRIPTOR, STEP_REGISTER
};

/* orders.c: nothing else of the executor looks at bytes that have not been checked there. */
struct orders { char *start, *end; };

/* 0 when every order has the shape its type promises, else -EPROTO. */
i64 check_orders(const struct orders *orders);
/* The first order of a type after `previous` (0: from the start), or 0. */
struct order *next_order(const struct orders *orders, u16 type, const struct order *previous);
struct order *only_order(const struct orders *orders, u16 type);
/* Its place among all orders, from 0: what a report says it is about. */
u32 order_number(const struct orders *orders, const struct order *order);
u32 number_at(const struct order *order, u32 offset);
u64 wide_number_at(const struct order *order, u32 offset);
char *text_at(struct order *order, u32 offset);
u64 text_length(const char *text);
/* Fills `vector` with pointers to the texts and a final 0; returns the place after it. */
char **text_vector(struct order *order, char **vector);

#endif
