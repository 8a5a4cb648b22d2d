using System.Collections.Concurrent;
using KeysCluster.Leases;
using KeysCluster.Projects;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>Counts the calls that the grains of a silo receive. A test can await and block them.</summary>
internal sealed class GrainCallFilter : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<(GrainId? Grain, string Method), OperationControl> _calls = new();
    private volatile Func<ValidationResponse, ValidationResponse>? _replaceVerdict;

    /// <summary>The calls of a method on one grain.</summary>
    public OperationControl To(GrainId grain, string method) => _calls.GetOrAdd((grain, method), _ => new());

    /// <summary>The calls of a method on all grains.</summary>
    public OperationControl To(string method) => _calls.GetOrAdd((null, method), _ => new());

    /// <summary>Replaces the verdicts that clients receive, until the returned object is disposed.</summary>
    public IDisposable ReplaceVerdicts(Func<ValidationResponse, ValidationResponse> replace)
    {
        _replaceVerdict = replace;
        return new Replacement(this);
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is IVirtualKeyGrain or IProjectGrain or IValidationGrain or IClientLeaseGrain)
        {
            await To(context.MethodName).RunAsync(
                () => To(context.TargetId, context.MethodName).RunAsync(() => context.Invoke()));
        }
        else
        {
            await context.Invoke();
        }

        if (_replaceVerdict is { } replace && context.Result is ValidationResponse answer)
            context.Result = replace(answer);
    }

    private sealed class Replacement(GrainCallFilter filter) : IDisposable
    {
        public void Dispose() => filter._replaceVerdict = null;
    }
}
