using KeysCluster.Validation;

namespace KeysCluster.Grains.Tests.Clients;

/// <summary>Counts what clients ask a silo, and holds an answer back when a test says so.</summary>
internal sealed class AskedSilo : IIncomingGrainCallFilter
{
    private int _count;
    private TaskCompletionSource? _held;
    private TaskCompletionSource? _answering;

    public int Count => _count;

    /// <summary>The next answer is made, and then waits until it is let go.</summary>
    /// <returns>Ends when the answer is made.</returns>
    public Task HoldNextAnswer()
    {
        _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _answering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _answering.Task;
    }

    public void LetGo() => _held!.SetResult();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Grain is not IValidationGrain) return;
        Interlocked.Increment(ref _count);
        if (Interlocked.Exchange(ref _answering, null) is not { } answering) return;
        answering.SetResult();
        await _held!.Task;
    }
}
