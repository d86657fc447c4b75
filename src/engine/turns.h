/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "observer.h"
#include "thread.h"

/* An observer that is called by one thread at a time. */
struct turns {
	struct lock lock;	    /* held during calls of OBS */
	const struct observer *obs; /* borrowed */
};

/* An observer that passes all calls to TURNS->obs.  TURNS must outlive it. */
struct observer turns_observer(struct turns *turns);
