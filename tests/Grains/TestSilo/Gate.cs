namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>Blocks one operation until the test opens the gate.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the operation has reached the gate.</summary>
    public Task Arrived => _arrived.Task.WaitAsync(Wait.Timeout);

    /// <summary>Completes when the operation has passed the open gate.</summary>
    public Task Passed => _passed.Task.WaitAsync(Wait.Timeout);

    public void Open() => _open.SetResult();

    /// <summary>Blocks before the operation takes effect.</summary>
    public async Task BlockBeforeAsync(Func<Task> operation)
    {
        await BlockAsync();
        await operation();
        _passed.SetResult();
    }

    /// <summary>Blocks the response of the operation, which has taken effect.</summary>
    public async Task BlockAfterAsync(Func<Task> operation)
    {
        await operation();
        await BlockAsync();
        _passed.SetResult();
    }

    private async Task BlockAsync()
    {
        _arrived.SetResult();
        await _open.Task;
    }
}
