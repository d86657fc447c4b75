/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <sys/types.h>

/* The inode numbers of oddfs. */

/* What REAL, whose number is INO, shows as its number this time. */
ino_t odd_ino(const char *real, ino_t ino);

/* REAL is written to or changed: overlayfs would copy it up now. */
void odd_ino_copied_up(const char *real);

/* REAL was just made: nothing will change its number. */
void odd_ino_made(const char *real);
