namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>What befalls one storage operation: it may fail, or wait, before or after it is carried out.</summary>
internal delegate Task InjectedFault(Func<Task> operation);

internal static class Faults
{
    /// <summary>The operation fails and has not happened.</summary>
    public static Task FailBeforeAsync(Func<Task> operation) => throw new IOException("The test broke the connection.");

    /// <summary>The operation has happened, but its caller is told that it failed: the outcome is unknown to it.</summary>
    public static async Task FailAfterAsync(Func<Task> operation)
    {
        await operation();
        throw new TimeoutException("The test lost the answer.");
    }

    /// <summary>Lets others run so many times before the operation and as many times after it.</summary>
    public static InjectedFault Yield(int times, InjectedFault then) => async operation =>
    {
        for (var i = 0; i < times; i++) await Task.Yield();
        await then(operation);
        for (var i = 0; i < times; i++) await Task.Yield();
    };

    public static Task NoneAsync(Func<Task> operation) => operation();
}

/// <summary>Holds an operation until the test opens the gate.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Arrived => _arrived.Task.WaitAsync(KeysTestCluster.WaitTimeout);

    public void Open() => _open.SetResult();

    public async Task BlockAsync(Func<Task> operation)
    {
        _arrived.SetResult();
        await _open.Task;
        await operation();
    }
}
