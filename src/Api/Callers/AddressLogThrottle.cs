using System.Net;

namespace KeysCluster.Api.Callers;

/// <summary>
/// Limits a log message to one per client address and <see cref="Interval"/>. The addresses of a /64 of IPv6 count as
/// one, because one client has them all. Thread-safe.
/// </summary>
internal sealed class AddressLogThrottle(TimeProvider time)
{
    /// <summary>
    /// The number of addresses that are tracked, in about 4 MB. When one more comes, the oldest is evicted.
    /// </summary>
    public const int Capacity = 16_384;

    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, LinkedListNode<Window>> _windows = [];

    /// <summary>In the order of their starts. A cache library would evict only approximately in that order.</summary>
    private readonly LinkedList<Window> _byAge = [];

    /// <summary>
    /// Returns whether to log a message about an address now, and how many were suppressed since the last one.
    /// </summary>
    public bool TryEnter(IPAddress address, out long suppressed)
    {
        var network = address.GetNetwork();
        lock (_gate)
        {
            suppressed = 0;
            if (_windows.TryGetValue(network, out var node))
            {
                if (time.GetElapsedTime(node.Value.StartedAt) < Interval)
                {
                    node.Value.Suppressed++;
                    return false;
                }

                suppressed = node.Value.Suppressed;
                Remove(node);
            }

            if (_windows.Count >= Capacity) Remove(_byAge.First!);
            _windows.Add(network, _byAge.AddLast(new Window(network, time.GetTimestamp())));
            return true;
        }
    }

    private void Remove(LinkedListNode<Window> node)
    {
        _windows.Remove(node.Value.Network);
        _byAge.Remove(node);
    }

    /// <summary>The time since the last message about an address.</summary>
    private sealed class Window(IPAddress network, long startedAt)
    {
        public IPAddress Network => network;

        public long StartedAt => startedAt;

        public long Suppressed { get; set; }
    }
}
