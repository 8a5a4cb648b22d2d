using System.Runtime.CompilerServices;

namespace KeysCluster.TestKit;

/// <summary>Waits for conditions that no event signals.</summary>
public static class Wait
{
    /// <summary>Ends a test that hangs. It is long enough that the load of the machine does not matter.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Evaluates a condition every 100 ms until it is true.</summary>
    /// <exception cref="TimeoutException">
    /// The condition was false until <paramref name="timeout"/>, which is <see cref="Timeout"/> by default.
    /// </exception>
    public static async Task UntilAsync(
        Func<Task<bool>> condition,
        TimeSpan? timeout = null,
        [CallerArgumentExpression(nameof(condition))] string? description = null)
    {
        using var deadline = new CancellationTokenSource(timeout ?? Timeout);
        using var timer = new PeriodicTimer(PollInterval);
        try
        {
            while (!await condition()) await timer.WaitForNextTickAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"The condition was false for {timeout ?? Timeout}: {description}");
        }
    }

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}}, TimeSpan?, string?)"/>
    public static Task UntilAsync(
        Func<bool> condition,
        TimeSpan? timeout = null,
        [CallerArgumentExpression(nameof(condition))] string? description = null) =>
        UntilAsync(() => Task.FromResult(condition()), timeout, description);
}
