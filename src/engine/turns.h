/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "observer.h"
#include "thread.h"

/* An observer that hears one thread at a time. */
struct turns {
	struct lock lock;	    /* held while OBS is told */
	const struct observer *obs; /* lent */
};

/* One that tells TURNS->obs.  TURNS is used as long as it is. */
struct observer turns_observer(struct turns *turns);
