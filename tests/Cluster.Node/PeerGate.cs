namespace KeysCluster.Cluster.Node;

/// <summary>
/// Decides when bytes pass between this process and its peers. It is open at first. Blocked bytes are late, not lost.
/// </summary>
internal sealed class PeerGate
{
    private readonly Lock _lock = new();
    private readonly HashSet<(int? Port, PeerDirection Direction)> _blocked = [];
    private TaskCompletionSource _changed = CreateChanged();
    private NetworkDelay _delay = NetworkDelay.None;

    /// <summary>Blocks all peers in both directions.</summary>
    public void BlockAll() => Change(() => _blocked.UnionWith(
        [(null, PeerDirection.Send), (null, PeerDirection.Receive)]));

    /// <summary>Blocks one direction on the connections that this process opened to a port.</summary>
    public void Block(int port, PeerDirection direction) => Change(() => _blocked.Add((port, direction)));

    /// <summary>Delays all bytes.</summary>
    public void Delay(NetworkDelay delay) => Change(() => _delay = delay);

    /// <summary>Removes every block and delay.</summary>
    public void Open() => Change(() =>
    {
        _blocked.Clear();
        _delay = NetworkDelay.None;
    });

    /// <summary>Completes when bytes may pass.</summary>
    /// <param name="port">The port that this process connected to; null for a connection from a peer.</param>
    /// <param name="direction">The direction of the bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task WaitAsync(int? port, PeerDirection direction, CancellationToken cancellationToken)
    {
        TimeSpan delay;
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                delay = _delay.Next();
                if (!_blocked.Contains((null, direction)) && !_blocked.Contains((port, direction))) break;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }

        if (delay > TimeSpan.Zero) await Task.Delay(delay, cancellationToken);
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            _changed.SetResult();
            _changed = CreateChanged();
        }
    }

    private static TaskCompletionSource CreateChanged() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
