namespace KeysCluster.Cluster.Node;

/// <summary>A gate that is open at first and can be closed and opened repeatedly.</summary>
internal sealed class PeerGate
{
    private volatile TaskCompletionSource _opened = CreateOpen();

    public void Close()
    {
        if (_opened.Task.IsCompleted)
            _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Open() => _opened.TrySetResult();

    public Task WaitUntilOpenAsync(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);

    private static TaskCompletionSource CreateOpen()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }
}
