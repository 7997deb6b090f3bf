package main

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
)

// digests names every checksum that a file resource shows of its bytes.
func digests(content []byte) map[string]string {
	md5sum, sha256sum, sha512sum := md5.Sum(content), sha256.Sum256(content), sha512.Sum512(content)
	return map[string]string{
		"content_md5":          hex.EncodeToString(md5sum[:]),
		"content_sha1":         identity(content),
		"content_sha256":       hex.EncodeToString(sha256sum[:]),
		"content_base64sha256": base64.StdEncoding.EncodeToString(sha256sum[:]),
		"content_sha512":       hex.EncodeToString(sha512sum[:]),
		"content_base64sha512": base64.StdEncoding.EncodeToString(sha512sum[:]),
	}
}

// identity is a file's id: the SHA-1 of what it holds.
func identity(content []byte) string {
	sum := sha1.Sum(content)
	return hex.EncodeToString(sum[:])
}
