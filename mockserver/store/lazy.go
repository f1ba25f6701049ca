package store

// Lazily returns a collection that calls fill before each use. Fill must fill the
// collection underneath once, however often and by however many it is called
// (sync.OnceFunc), and use that alone. So what many have and few look at costs
// nothing until then.
func Lazily[T any](c Collection[T], fill func()) Collection[T] { return &lazy[T]{c, fill} }

type lazy[T any] struct {
	kept Collection[T]
	fill func()
}

func (l *lazy[T]) filled() Collection[T] {
	l.fill()
	return l.kept
}

func (l *lazy[T]) Get(id string) (T, error) { return l.filled().Get(id) }
func (l *lazy[T]) List() ([]T, error)       { return l.filled().List() }
func (l *lazy[T]) Update(id string, change func(*T) error) (T, error) {
	return l.filled().Update(id, change)
}
func (l *lazy[T]) Upsert(id string, change func(*T) error) (T, error) {
	return l.filled().Upsert(id, change)
}
func (l *lazy[T]) Put(id string, value T) error { return Put(l.filled(), id, value) }
func (l *lazy[T]) Delete(id string) error       { return l.filled().Delete(id) }
func (l *lazy[T]) Len() (int, error)            { return l.filled().Len() }
func (l *lazy[T]) Evicted() (uint64, error)     { return l.filled().Evicted() }
func (l *lazy[T]) Save() (Saved[T], error)      { return l.filled().Save() }
func (l *lazy[T]) Load(saved Saved[T]) error {
	return l.filled().Load(saved)
}
