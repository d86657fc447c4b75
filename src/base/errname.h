/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * The name of errno value ERR (positive), as in "EXDEV".  One value has one
 * name: ENOTSUP and EAGAIN's twins are told as EOPNOTSUPP and EAGAIN.
 *
 * Returns a constant string; "E?" for a value that is not in the table.
 *
 * (strerrorname_np(3) would do, but says ENOTSUP for what FICLONE's manual
 * page calls EOPNOTSUPP, and is glibc's alone.)
 */
const char *errname(int err);
