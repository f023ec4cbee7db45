package crawler

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestOutlasting looks at how long a visit may take to be kept.
func TestOutlasting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		kept, cancel := outlasting(t.Context())
		defer cancel()
		<-kept.Done()
		if took := time.Since(begin); took != commitPatience {
			t.Errorf("a visit waits %s, want %s", took, commitPatience)
		}
		begin = time.Now()
		visit, stop := context.WithCancel(t.Context())
		kept, cancel = outlasting(visit)
		defer cancel()
		time.Sleep(time.Second)
		stop()
		<-kept.Done()
		if took := time.Since(begin); took != time.Second+commitGrace {
			t.Errorf("a visit that is stopped after 1s waits %s in all", took)
		}
	})
}
