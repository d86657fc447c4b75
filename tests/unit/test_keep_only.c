/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "base.h"
#include "check.h"
#include "keep_only.h"

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* Have N descriptors open, from 0 on, and one more far above. */
static void open_up_to(int n, int far)
{
	for (int fd = 0; fd < n; fd++)
		if (!is_open(fd))
			check(fcntl(STDOUT_FILENO, F_DUPFD, fd) == fd);
	check(fcntl(STDOUT_FILENO, F_DUPFD, far) == far);
}

/* Of 100, and one of FAR, those of KEEP are open after it, and no others. */
static void check_kept(int far, const fd_t *keep, size_t n)
{
	/* What a check would be said on may be closed. */
	bool is_kept[100] = { false };
	bool ok = true;

	open_up_to(100, far);
	keep_only(keep, n);
	for (size_t i = 0; i < n; i++)
		is_kept[keep[i]] = true;
	for (int fd = 0; fd < 100; fd++)
		ok = ok && is_open(fd) == is_kept[fd];
	_exit(ok && checks_failed == 0 && !is_open(far) ? 0 : 1);
}

static void keeps_what_is_named(void)
{
	const fd_t keep[] = { 40, 7, 99, 7, 8 };

	check_kept(900, keep, countof(keep));
}

static void keeps_the_first(void)
{
	const fd_t keep[] = { 0 };

	check_kept(900, keep, countof(keep));
}

static void keeps_none(void)
{
	check_kept(900, NULL, 0);
}

/* As on a kernel that lacks close_range(2). */
static void lose_close_range(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close_range, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog filter = { countof(code), code };

	check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0);
	check(syscall(SYS_close_range, 1000, 1000, 0) < 0 && errno == ENOSYS);
}

static void keeps_what_is_named_on_old_kernels(void)
{
	const fd_t keep[] = { 40, 7, 99, 7, 8 };

	lose_close_range();
	check_kept(900, keep, countof(keep));
}

static void keeps_none_on_old_kernels(void)
{
	lose_close_range();
	check_kept(900, NULL, 0);
}

int main(void)
{
	test(keeps_what_is_named);
	test(keeps_the_first);
	test(keeps_none);
	test(keeps_what_is_named_on_old_kernels);
	test(keeps_none_on_old_kernels);
	return tests_end();
}
