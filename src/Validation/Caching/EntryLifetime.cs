namespace KeysCluster.Validation.Caching;

/// <summary>
/// Ends when a cache no longer contains a revision of its owner. Entries of another cache that are valid only with this
/// revision, as virtual keys are with that of their project, hold a reference to it.
/// </summary>
/// <param name="revision">The revision; 0 when there is no such owner.</param>
internal sealed class EntryLifetime(long revision)
{
    private volatile bool _hasEnded;

    public long Revision => revision;

    public bool HasEnded => _hasEnded;

    public void End() => _hasEnded = true;
}
