using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using KeysCluster.Benchmarks.Http;
using KeysCluster.TestKit.Reporting;

namespace KeysCluster.Benchmarks.Floods;

/// <summary>A client that verifies one cached secret, one call after the other, on one persistent connection.</summary>
internal sealed class MeasuredClient(int port, string apiKey, string secret) : IDisposable
{
    private readonly PreparedRequest _request = PreparedRequest.Verify(apiKey, secret);
    private BlockingHttpConnection _connection = BlockingHttpConnection.Open(IPAddress.Loopback, port);

    /// <summary>Measures on a thread of its own until the time is over.</summary>
    /// <param name="duration">The longest duration.</param>
    /// <param name="isOver">Returns whether the measurement ends earlier.</param>
    public Task<MeasuredCalls> MeasureAsync(TimeSpan duration, Func<bool>? isOver = null) => Task.Factory.StartNew(
        () => Measure(duration, isOver ?? (() => false)),
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    public void Dispose() => _connection.Dispose();

    private MeasuredCalls Measure(TimeSpan duration, Func<bool> isOver)
    {
        List<double> microseconds = [];
        var refused = 0;
        var start = Stopwatch.GetTimestamp();
        do
        {
            var call = Stopwatch.GetTimestamp();
            if (!TryVerify()) refused++;
            microseconds.Add(Stopwatch.GetElapsedTime(call).TotalMicroseconds);
        }
        while (Stopwatch.GetElapsedTime(start) < duration && !isOver());

        return new MeasuredCalls(Percentiles.From(microseconds).P99, microseconds.Count, refused);
    }

    /// <summary>Returns whether the secret was accepted.</summary>
    private bool TryVerify()
    {
        try
        {
            var reply = _connection.Exchange(_request.Next());
            return reply.Status == 200 && reply.Body.IndexOf("\"valid\":true"u8) >= 0;
        }
        catch (SocketException)
        {
            _connection.Dispose();
            _connection = BlockingHttpConnection.Open(IPAddress.Loopback, port);
            return false;
        }
    }
}
