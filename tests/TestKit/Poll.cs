using System.Runtime.CompilerServices;

namespace KeysCluster.TestKit;

/// <summary>Waits for a condition that raises no event in this process.</summary>
public static class Poll
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Evaluates a condition every 100 ms until it is true.</summary>
    /// <exception cref="TimeoutException">The condition was false until the timeout.</exception>
    public static async Task UntilAsync(
        Func<Task<bool>> condition,
        TimeSpan timeout,
        [CallerArgumentExpression(nameof(condition))] string? description = null)
    {
        using var deadline = new CancellationTokenSource(timeout);
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (!await condition()) await timer.WaitForNextTickAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"The condition was false for {timeout}: {description}");
        }
    }

    /// <summary>Evaluates a condition every 100 ms until it is true.</summary>
    /// <exception cref="TimeoutException">The condition was false until the timeout.</exception>
    public static Task UntilAsync(
        Func<bool> condition,
        TimeSpan timeout,
        [CallerArgumentExpression(nameof(condition))] string? description = null) =>
        UntilAsync(() => Task.FromResult(condition()), timeout, description);
}
