using System.Reflection;
using Orleans.Serialization.Invocation;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>A call that passes the outgoing filters of a client or silo.</summary>
internal sealed class TestOutgoingCall : IOutgoingGrainCallContext
{
    /// <summary>Sends the call. By default it returns at once.</summary>
    public Func<Task> Send { get; init; } = () => Task.CompletedTask;

    public GrainId TargetId { get; init; }

    public IInvokable Request => throw new NotSupportedException();

    public object Grain => throw new NotSupportedException();

    public GrainId? SourceId => null;

    public IGrainContext? SourceContext => null;

    public GrainInterfaceType InterfaceType => default;

    public string InterfaceName => "";

    public string MethodName => "";

    public MethodInfo InterfaceMethod => throw new NotSupportedException();

    public object? Result { get; set; }

    public Response? Response { get; set; }

    public Task Invoke() => Send();
}
