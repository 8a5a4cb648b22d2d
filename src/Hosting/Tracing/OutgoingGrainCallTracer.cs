using System.Diagnostics;

namespace KeysCluster.Hosting.Tracing;

internal sealed class OutgoingGrainCallTracer : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context) => Activity.Current is { Recorded: true } current
        ? InvokeAsync(context, current)
        : context.Invoke();

    private static async Task InvokeAsync(IOutgoingGrainCallContext context, Activity current)
    {
        var span = GrainCallTracing.Source.StartActivity(GrainCallTracing.GetName(context), ActivityKind.Client);
        RequestContext.Set(GrainCallTracing.TraceParent, (span ?? current).Id!);
        if (current.TraceStateString is { } state) RequestContext.Set(GrainCallTracing.TraceState, state);
        await GrainCallTracing.ExecuteAsync(context, span);
    }
}
