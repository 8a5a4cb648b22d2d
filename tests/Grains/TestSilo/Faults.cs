namespace KeysCluster.Grains.Tests.TestSilo;

internal static class Faults
{
    /// <summary>The operation fails without effect.</summary>
    public static Task FailBeforeAsync(Func<Task> operation) => throw new IOException("Injected: connection lost.");

    /// <summary>The operation takes effect, but its response is lost. The caller does not know the outcome.</summary>
    public static async Task FailAfterAsync(Func<Task> operation)
    {
        await operation();
        throw new TimeoutException("Injected: response lost.");
    }

    /// <summary>Yields to other work a number of times before and after the operation.</summary>
    public static InjectedFault Yield(int times, InjectedFault then) => async operation =>
    {
        for (var i = 0; i < times; i++) await Task.Yield();
        await then(operation);
        for (var i = 0; i < times; i++) await Task.Yield();
    };

    public static Task NoneAsync(Func<Task> operation) => operation();
}
