namespace KeysCluster.Api.Requests;

/// <summary>Answers for a request whose body is wrong, so that handlers see good ones only.</summary>
internal sealed class RefuseBadBodies : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var argument in context.Arguments)
            if (argument is IBody { Error: { } error }) return new(error);
        return next(context);
    }
}
