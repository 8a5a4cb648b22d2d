using KeysCluster.Validation;

namespace KeysCluster.Grains.Tests.Clients;

/// <summary>Counts what clients ask a silo, and holds an answer back when a test says so.</summary>
internal sealed class ValidationCallFilter : IIncomingGrainCallFilter
{
    private int _count;
    private TaskCompletionSource? _release;
    private TaskCompletionSource? _responseReady;

    public int Count => _count;

    /// <summary>The next answer is made, and then waits until it is let go.</summary>
    /// <returns>Ends when the answer is made.</returns>
    public Task BlockNextResponseAsync()
    {
        _release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _responseReady = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _responseReady.Task;
    }

    public void ReleaseResponse() => _release!.SetResult();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Grain is not IValidationGrain) return;
        Interlocked.Increment(ref _count);
        if (Interlocked.Exchange(ref _responseReady, null) is not { } answering) return;
        answering.SetResult();
        await _release!.Task;
    }
}
