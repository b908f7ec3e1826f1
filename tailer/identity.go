package tailer

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"golang.org/x/sys/unix"
)

// ID is what a file is known by. Inode numbers are used again at once by some file systems; the birth time tells
// the two files apart.
type ID struct {
	Dev, Ino uint64
	Born     int64 // birth time in nanoseconds since 1970, 0 where the file system does not record it
}

// String returns dev:ino:born in hexadecimal.
func (id ID) String() string { return fmt.Sprintf("%x:%x:%x", id.Dev, id.Ino, id.Born) }

// stat is what one look at a file tells.
type stat struct {
	id           ID
	size         int64
	mtime, ctime time.Time
	links        uint32
	regular, dir bool
}

// errNotRegular says that a path is a directory, pipe, socket or device, none of which is tailed.
var errNotRegular = errors.New("not a regular file")

// isGone says that there is nothing at a path, as opposed to something that cannot be reached now.
func isGone(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ENOTDIR) || errors.Is(err, unix.ELOOP)
}

// statPath looks at the file that path leads to.
func statPath(path string) (stat, error) {
	st, err := statAt(unix.AT_FDCWD, path, 0)
	if err != nil {
		return stat{}, &fs.PathError{Op: "statx", Path: path, Err: err}
	}
	return st, nil
}

// statFD looks at an open file.
func statFD(fd int) (stat, error) { return statAt(fd, "", unix.AT_EMPTY_PATH) }

func statAt(dir int, path string, flags int) (stat, error) {
	var x unix.Statx_t
	for {
		err := unix.Statx(dir, path, flags, unix.STATX_BASIC_STATS|unix.STATX_BTIME, &x)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return stat{}, err
		}
		break
	}
	st := stat{
		id:      ID{Dev: unix.Mkdev(x.Dev_major, x.Dev_minor), Ino: x.Ino},
		size:    int64(x.Size),
		mtime:   time.Unix(x.Mtime.Sec, int64(x.Mtime.Nsec)),
		ctime:   time.Unix(x.Ctime.Sec, int64(x.Ctime.Nsec)),
		links:   x.Nlink,
		regular: x.Mode&unix.S_IFMT == unix.S_IFREG,
		dir:     x.Mode&unix.S_IFMT == unix.S_IFDIR,
	}
	if x.Mask&unix.STATX_BTIME != 0 {
		st.id.Born = x.Btime.Sec*int64(time.Second) + int64(x.Btime.Nsec)
	}
	return st, nil
}

// openRegular opens the regular file at path for reading. Anything else is errNotRegular, and is not waited for.
func openRegular(path string) (int, stat, error) {
	var fd int
	for {
		var err error
		// O_NONBLOCK: opening a pipe must not wait for its writer.
		fd, err = unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return -1, stat{}, &fs.PathError{Op: "open", Path: path, Err: err}
		}
		break
	}
	st, err := statFD(fd)
	switch {
	case err != nil:
		closeFD(fd)
		return -1, stat{}, &fs.PathError{Op: "statx", Path: path, Err: err}
	case !st.regular:
		closeFD(fd)
		return -1, st, errNotRegular
	}
	leaveNoTime(fd)
	return fd, st, nil
}

// leaveNoTime has reads not note when they were, which would make a log's inode to be written to the disk for each line that is
// read of it. Only the file's owner may do so; for others it stays as it is.
func leaveNoTime(fd int) { _, _ = unix.FcntlInt(uintptr(fd), unix.F_SETFL, unix.O_NOATIME) }

// closeFD closes a descriptor that was only read from, so that an error cannot mean lost data.
func closeFD(fd int) { _ = unix.Close(fd) }

// readAt fills buf from offset off and returns fewer bytes only at the end of the file.
func readAt(fd int, buf []byte, off int64) (int, error) {
	for {
		n, err := unix.Pread(fd, buf, off)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		return max(n, 0), err
	}
}

// hasWriter says whether any process has the file open for writing. known is false where the system does not tell.
//
// A read lease is granted only on a file that nobody has open for writing. It is given back at once; a program that
// opens the file for writing in these microseconds waits for that.
func hasWriter(fd int) (open, known bool) {
	_, err := unix.FcntlInt(uintptr(fd), unix.F_SETLEASE, unix.F_RDLCK)
	switch {
	case err == nil:
		_, _ = unix.FcntlInt(uintptr(fd), unix.F_SETLEASE, unix.F_UNLCK)
		return false, true
	case errors.Is(err, unix.EAGAIN):
		return true, true
	}
	return false, false
}

// isRemote says whether the file is on a network or user-space file system: changes made elsewhere raise no
// events, leases mean something else, and a look at it may fail at any time.
func isRemote(fd int) bool {
	var st unix.Statfs_t
	if err := unix.Fstatfs(fd, &st); err != nil {
		return true
	}
	switch uint32(st.Type) {
	case unix.NFS_SUPER_MAGIC, unix.FUSE_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.V9FS_MAGIC,
		unix.SMB_SUPER_MAGIC, unix.CEPH_SUPER_MAGIC, unix.AFS_SUPER_MAGIC, unix.CODA_SUPER_MAGIC:
		return true
	}
	return false
}
