using System.Diagnostics;

namespace KeysCluster.Hosting.Tracing;

internal sealed class IncomingGrainCallTracer : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context) =>
        RequestContext.Get(GrainCallTracing.TraceParent) is string parent
        && ActivityContext.TryParse(
            parent, RequestContext.Get(GrainCallTracing.TraceState) as string, isRemote: true, out var caller)
        && caller.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
            ? GrainCallTracing.ExecuteAsync(
                context,
                GrainCallTracing.Source.StartActivity(
                    GrainCallTracing.GetName(context), ActivityKind.Server, caller))
            : context.Invoke();
}
