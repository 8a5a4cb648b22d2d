namespace KeysCluster.Grains.Changes;

/// <summary>Checks the arguments of each grain call by <see cref="CommandLimits"/>.</summary>
internal sealed class CommandLimitFilter : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        var count = context.Request.GetArgumentCount();
        for (var i = 0; i < count; i++) CommandLimits.Check(context.Request.GetArgument(i));
        return context.Invoke();
    }
}
