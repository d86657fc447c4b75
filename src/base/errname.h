/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * The name of the errno value ERR (positive), for example "EXDEV".  Each value
 * has one name here: EOPNOTSUPP, not ENOTSUP; EAGAIN, not EWOULDBLOCK.
 *
 * Returns a constant string; "E?" for a value that is not in the table.
 *
 * (strerrorname_np(3) is not used: only glibc has it, and it says ENOTSUP where
 * FICLONE's manual page says EOPNOTSUPP.)
 */
const char *errname(int err);
