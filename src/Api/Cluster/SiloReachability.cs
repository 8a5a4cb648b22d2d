namespace KeysCluster.Api.Cluster;

/// <summary>
/// Whether a silo has responded to this front end lately. The filter observes the calls that are made anyway: without a
/// lease, a front end asks for one several times a second. A connection that is open proves less, because a silo that
/// hangs keeps it open.
/// </summary>
internal sealed class SiloReachability(TimeProvider time) : IOutgoingGrainCallFilter
{
    /// <summary>
    /// How long a response counts. A call to a silo that hangs takes two seconds, and the next ones may reach it again.
    /// </summary>
    internal static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    private const long Never = long.MinValue;

    private long _respondedAt = Never;

    public bool IsReachable =>
        Volatile.Read(ref _respondedAt) is var respondedAt
        && respondedAt != Never
        && time.GetElapsedTime(respondedAt) < MaxAge;

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception exception) when (IsRaisedLocally(exception))
        {
            throw;
        }
        catch
        {
            RecordResponse();
            throw;
        }

        RecordResponse();
    }

    /// <summary>Returns whether Orleans raises an exception for a call that received no response.</summary>
    private static bool IsRaisedLocally(Exception exception) =>
        exception is OrleansException or TimeoutException or OperationCanceledException;

    private void RecordResponse() => Volatile.Write(ref _respondedAt, time.GetTimestamp());
}
