// Starting a program. What makes it safe is glibc's own (2.34 and later) and hidden from Swift, which sees POSIX.
#ifndef TOCSIN_CSPAWN_SHIM_H
#define TOCSIN_CSPAWN_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>

extern int pipe2(int ends[2], int flags);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);

// Both ends are closed in every program that is started.
static inline int tocsin_pipe(int *ends) {
    return pipe2(ends, O_CLOEXEC);
}

// Starts a program in a process group of its own, in `folder`, with these descriptors as stdin and stderr, stdout to
// nowhere, no other descriptor, and no signal blocked or ignored. Returns 0 or an error number.
static inline int tocsin_spawn(
    pid_t *pid, char *const *arguments, char *const *environment, const char *folder, int input, int complaints
) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    int code = posix_spawn_file_actions_init(&actions);
    if (code) return code;
    code = posix_spawnattr_init(&attributes);
    if (code) {
        posix_spawn_file_actions_destroy(&actions);
        return code;
    }
    sigemptyset(&none);
    sigfillset(&all);
    short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (!(code = posix_spawn_file_actions_adddup2(&actions, input, 0))
        && !(code = posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0))
        && !(code = posix_spawn_file_actions_adddup2(&actions, complaints, 2))
        && !(code = posix_spawn_file_actions_addclosefrom_np(&actions, 3))
        && !(code = posix_spawn_file_actions_addchdir_np(&actions, folder))
        && !(code = posix_spawnattr_setsigmask(&attributes, &none))
        && !(code = posix_spawnattr_setsigdefault(&attributes, &all))
        && !(code = posix_spawnattr_setpgroup(&attributes, 0))
        && !(code = posix_spawnattr_setflags(&attributes, flags))) {
        code = posix_spawn(pid, arguments[0], &actions, &attributes, arguments, environment);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

// Whether the child has ended. It stays to be reaped, so that its number is nobody else's.
static inline int tocsin_has_ended(pid_t pid) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return errno != EINTR;
    return info.si_signo != 0;
}

#endif
