using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Hosting.Tracing;

/// <summary>
/// Traces the grain calls of sampled requests. Orleans' own <c>AddActivityPropagation</c> also creates an activity in
/// each process for a call that no request makes, and for one that is not sampled, which makes a grain call several
/// times slower (docs/benchmarks/report.md).
/// </summary>
public static class GrainCallTracing
{
    /// <summary>The source of the spans.</summary>
    public const string SourceName = "KeysCluster.GrainCalls";

    internal const string TraceParent = "traceparent";
    internal const string TraceState = "tracestate";

    internal static readonly ActivitySource Source = new(SourceName);

    /// <summary>Sends the context of a sampled trace with the calls that this process makes.</summary>
    public static void AddOutgoingGrainCallTracing(this IServiceCollection services) =>
        services.AddSingleton<IOutgoingGrainCallFilter, OutgoingGrainCallTracer>();

    /// <summary>Continues the traces of the calls that this silo executes.</summary>
    public static void AddIncomingGrainCallTracing(this IServiceCollection services) =>
        services.AddSingleton<IIncomingGrainCallFilter, IncomingGrainCallTracer>();

    /// <summary>Executes a call within a span.</summary>
    internal static async Task ExecuteAsync(IGrainCallContext context, Activity? span)
    {
        using (span)
        {
            span?.SetTag("rpc.system", "orleans");
            span?.SetTag("rpc.service", context.InterfaceName);
            span?.SetTag("rpc.method", context.MethodName);
            try
            {
                await context.Invoke();
            }
            catch (Exception exception)
            {
                span?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
                throw;
            }
        }
    }

    internal static string GetName(IGrainCallContext context) => $"{context.InterfaceName}/{context.MethodName}";
}
