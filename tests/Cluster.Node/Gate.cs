namespace KeysCluster.Cluster.Node;

/// <summary>Open until it is closed, and open again later; whoever passes meanwhile waits.</summary>
internal sealed class Gate
{
    private volatile TaskCompletionSource _opened = Opened();

    public void Close()
    {
        if (_opened.Task.IsCompleted) _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Open() => _opened.TrySetResult();

    public Task Pass(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }
}
