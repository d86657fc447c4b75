/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

#include "fd.h"

/*
 * Close every descriptor of this process except the N of KEEP, which may be in
 * any order.  It allocates no memory, so that a child of fork(2) in a program
 * with threads may call it.
 *
 * close_range(2).  On kernels without it, descriptors above 65,535 may stay
 * open.
 */
void keep_only(const fd_t *keep, size_t n);
