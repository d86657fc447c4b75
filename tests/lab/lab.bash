# SPDX-License-Identifier: BSD-2-Clause
# Real file systems for the tests.  To be sourced.
#
#	lab_up		bring them up; sets LAB to the directory they are in
#	lab_down	take them down, and everything that is in them
#	lab_sweep	take down what runs that were killed have left
#
# Each file system that could be brought up is the directory $LAB/NAME; for
# each other one the file $LAB/missing/NAME says why not.  Images are sparse
# files in $LAB/images, in memory if there is plenty of it; nothing is unmounted
# or detached that does not lie below a directory of this lab.
#
#	xfs			clones; 4 KiB blocks
#	xfs1k			clones; 1 KiB blocks
#	xfs64k			clones; 64 KiB blocks, where the kernel mounts it
#	xfs-noreflink		XFS that can't clone
#	btrfs			clones; with these directories:
#	    sub			another subvolume
#	    nocow		chattr +C
#	    compressed		chattr +c
#	btrfs-sub		that subvolume, mounted a second time
#	btrfs-nodatasum		its files have no checksums, which nothing shows
#	ext4, tmpfs		can't clone
#	ext4-128		its inodes have no room for parts of a second
#	overlay			lower and upper layer on xfs
#	overlay-mixed		lower layer on ext4, upper on xfs
#	full-xfs, full-btrfs, full-ext4, full-tmpfs
#				small and nearly full: about 2 MiB are left
#				(full-tmpfs: 512 KiB), and `fill DIR` takes
#				what is left
#	quota-btrfs		the directory "limited" may hold 16 MiB
#	quota-ext4		user 65534 may hold 2 MiB
#	ro-xfs, ro-btrfs, ro-ext4, ro-tmpfs
#				the same file systems, mounted read-only
#
# What none of them does (wrong sizes, no seeking, any errno from any call) does
# tests/tools/oddfs, which shows one of them at a second place: see `oddfs` in
# tests/e2e/helper.bash.

lab_pattern=${TMPDIR:-/tmp}/reflinkcp-lab

# Every name that $LAB may hold, for whoever asks for one.
# shellcheck disable=SC2034
lab_names="xfs xfs1k xfs64k xfs-noreflink btrfs btrfs-sub btrfs-nodatasum ext4
ext4-128 tmpfs overlay overlay-mixed full-xfs full-btrfs full-ext4 full-tmpfs quota-btrfs
quota-ext4 ro-xfs ro-btrfs ro-ext4 ro-tmpfs"

# "PID START-TIME": says who a process is, even after its number was reused.
lab_identity() {
	local fields

	fields=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) || return 1
	read -r -a fields <<<"$fields"
	echo "$1 ${fields[19]}"
}

lab_is_dead() {
	local owner now

	if [[ ! -s $1/owner ]]; then
		# Either about to be made or left half made.
		[[ $(find "$1" -maxdepth 0 -mmin +10) ]]
		return
	fi
	owner=$(<"$1/owner")
	[[ -d /proc/${owner% *} ]] || return 0
	# In doubt it lives.
	now=$(lab_identity "${owner% *}") && [[ $now != "$owner" ]]
}

# Print the mount points below $1, the last mounted first.  No other program is
# needed: where one is missing, nothing may be taken for unmounted.
lab_mounts_below() {
	local fields point points=()

	while read -r -a fields; do
		printf -v point '%b' "${fields[4]-}"
		[[ $point != "$1"/* ]] || points=("$point" "${points[@]}")
	done </proc/self/mountinfo || return 1
	[[ ${#points[@]} -eq 0 ]] || printf '%s\n' "${points[@]}"
}

lab_detach_below() {
	local backing device

	for backing in /sys/block/loop*/loop/backing_file; do
		[[ -e $backing ]] || continue
		[[ $(<"$backing") == "$1"/* ]] || continue
		device=${backing#/sys/block/}
		losetup -d "/dev/${device%%/*}" 2>/dev/null
	done
}

lab_unmount() {
	local try

	for try in 1 2 3 4 5; do
		umount "$1" 2>/dev/null && return 0
		sleep 0.$try
	done
	umount -l "$1"
}

# Take down the lab in directory $1.
lab_remove() {
	local dir=$1 point

	[[ $dir == "$lab_pattern".* && -d $dir && ! -L $dir ]] || return 0
	while read -r point; do
		lab_unmount "$point"
	done < <(lab_mounts_below "$dir")
	lab_detach_below "$dir"
	point=$(lab_mounts_below "$dir") && [[ ! $point ]] || return 1
	rm -rf --one-file-system "$dir"
}

lab_sweep() {
	local dir

	for dir in "$lab_pattern".*; do
		[[ -d $dir && ! -L $dir && -O $dir ]] || continue
		lab_is_dead "$dir" && lab_remove "$dir"
	done
	return 0
}

lab_down() {
	[[ ${LAB-} ]] || return 0
	cd / || return 1
	# Another process's may have come with the environment.
	[[ $(<"$LAB/owner") != "$(lab_identity $$)" ]] || lab_remove "$LAB"
	unset LAB
}

# lab_mount NAME ARGUMENT...: mount(8) on $LAB/NAME, or note why not.
lab_mount() {
	local name=$1 said

	shift
	mkdir "$LAB/$name"
	if said=$(mount "$@" "$LAB/$name" 2>&1); then
		chmod 1777 "$LAB/$name" 2>/dev/null
		return 0
	fi
	rmdir "$LAB/$name"
	lab_missing "$name" "${said%%$'\n'*}"
	return 1
}

lab_missing() {
	echo "$2" >"$LAB/missing/$1"
}

# lab_image NAME SIZE OPTIONS MKFS...: a new file system on a loop device.
lab_image() {
	local name=$1 size=$2 options=$3 image=$LAB/images/$1.img said

	shift 3
	truncate -s "$size" "$image"
	if ! said=$("$@" "$image" 2>&1); then
		rm -f "$image"
		lab_missing "$name" "${said##*$'\n'}"
		return 1
	fi
	lab_mount "$name" -o "loop$options" "$image"
}

lab_xfs() {
	lab_image "$1" "$2" "" mkfs.xfs -q -m "reflink=$3" -b "size=$4"
}

lab_btrfs_parts() {
	btrfs -q subvolume create "$LAB/btrfs/sub"
	mkdir "$LAB/btrfs/nocow" "$LAB/btrfs/compressed"
	chattr +C "$LAB/btrfs/nocow"
	chattr +c "$LAB/btrfs/compressed"
	chmod 1777 "$LAB"/btrfs/*
	lab_mount btrfs-sub -o subvol=sub "$(findmnt -n -o SOURCE "$LAB/btrfs")"
}

# lab_overlay NAME LOWER: upper layer on xfs.
lab_overlay() {
	local layers=$LAB/xfs/.$1

	mkdir -p "$layers/upper" "$layers/work" "$2"
	lab_mount "$1" -t overlay -o \
		"lowerdir=$2,upperdir=$layers/upper,workdir=$layers/work" \
		overlay
}

# lab_fill NAME BYTES: leave about BYTES free, and a source of 8 MiB.
lab_fill() {
	local dir=$LAB/$1

	head -c 8M /dev/urandom >"$dir/source"
	head -c "$2" /dev/urandom >"$dir/reserve"
	sync -f "$dir"
	"$LAB_TOOLS/fill" "$dir" || lab_missing "$1" "can't be filled"
	rm "$dir/reserve"
	sync -f "$dir"
}

lab_full() {
	lab_xfs full-xfs 300M 1 4096 && lab_fill full-xfs 2M
	lab_image full-btrfs 128M "" mkfs.btrfs -q && lab_fill full-btrfs 2M
	lab_image full-ext4 32M "" mkfs.ext4 -q && lab_fill full-ext4 2M
	lab_mount full-tmpfs -t tmpfs -o size=12M,huge=never tmpfs &&
		lab_fill full-tmpfs 512K
}

lab_quota() {
	local dir=$LAB/quota-btrfs said

	if lab_image quota-btrfs 256M "" mkfs.btrfs -q; then
		btrfs -q subvolume create "$dir/limited"
		if ! said=$(btrfs quota enable "$dir" 2>&1 &&
			btrfs qgroup limit 16M "$dir/limited" 2>&1); then
			umount "$dir"
			rmdir "$dir"
			lab_missing quota-btrfs "${said##*$'\n'}"
		fi
	fi
	lab_image quota-ext4 64M ,usrquota mkfs.ext4 -q -O quota \
		-E quotatype=usrquota &&
		setquota -u 65534 0 2048 0 0 "$LAB/quota-ext4"
}

lab_read_only() {
	local name

	for name in xfs btrfs ext4 tmpfs; do
		[[ -d $LAB/$name ]] || continue
		lab_mount "ro-$name" --bind "$LAB/$name" &&
			mount -o remount,bind,ro "$LAB/ro-$name"
	done
}

lab_all() {
	lab_xfs xfs 3G 1 4096
	lab_xfs xfs1k 512M 1 1024
	lab_xfs xfs64k 512M 1 65536
	lab_xfs xfs-noreflink 512M 0 4096
	lab_image btrfs 4G "" mkfs.btrfs -q && lab_btrfs_parts
	lab_image btrfs-nodatasum 512M ,nodatasum mkfs.btrfs -q
	lab_image ext4 2G "" mkfs.ext4 -q
	lab_image ext4-128 64M "" mkfs.ext4 -q -I 128
	lab_mount tmpfs -t tmpfs -o size=1G tmpfs
	[[ -d $LAB/xfs ]] && lab_overlay overlay "$LAB/xfs/.overlay/lower"
	[[ -d $LAB/xfs && -d $LAB/ext4 ]] &&
		lab_overlay overlay-mixed "$LAB/ext4/.overlay-mixed"
	lab_full
	lab_quota
	lab_read_only
}

# Nobody waits for a disk where images are in memory.  Two GiB of them are used;
# those that write to the end of each would need 13.
lab_images() {
	local available

	available=$(awk '$1 == "MemAvailable:" { print int($2 / 1048576) }' \
		/proc/meminfo)
	[[ ${available:-0} -lt 16 ]] ||
		mount -t tmpfs -o size=13G tmpfs "$LAB/images" 2>/dev/null
	return 0
}

# A lab without any file system yet.
lab_empty() {
	lab_sweep
	LAB=$(mktemp -d "$lab_pattern.XXXXXX") || return 1
	export LAB
	chmod 755 "$LAB"
	lab_identity $$ >"$LAB/owner"
	mkdir "$LAB/images" "$LAB/missing"
}

# LAB_TOOLS says where the fixtures of tests/tools were built.
lab_up() {
	lab_empty || return 1
	if [[ $(id -u) -eq 0 ]]; then
		lab_images
		lab_all
	else
		echo "needs root" >"$LAB/missing/all"
	fi
	return 0
}
