using System.Collections.Concurrent;
using KeysCluster.Projects;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>Counts the calls that the grains of a silo receive. A test can await and block them.</summary>
internal sealed class GrainCallFilter : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<(GrainId? Grain, string Method), OperationControl> _calls = new();

    /// <summary>When set, replaces the responses to <see cref="IValidationGrain.ValidateWithAge"/>.</summary>
    public Func<VerdictWithAge, VerdictWithAge>? ReplaceVerdict { get; set; }

    /// <summary>The calls of a method on one grain.</summary>
    public OperationControl To(GrainId grain, string method) => _calls.GetOrAdd((grain, method), _ => new());

    /// <summary>The calls of a method on all grains.</summary>
    public OperationControl To(string method) => _calls.GetOrAdd((null, method), _ => new());

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is IVirtualKeyGrain or IProjectGrain or IValidationGrain)
        {
            await To(context.MethodName).RunAsync(
                () => To(context.TargetId, context.MethodName).RunAsync(() => context.Invoke()));
        }
        else
        {
            await context.Invoke();
        }

        if (ReplaceVerdict is { } replace && context.Result is VerdictWithAge answer) context.Result = replace(answer);
    }
}
