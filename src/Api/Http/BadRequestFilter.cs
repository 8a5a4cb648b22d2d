namespace KeysCluster.Api.Http;

/// <summary>Returns the error of the first invalid parameter, so that handlers see only valid ones.</summary>
internal sealed class BadRequestFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var argument in context.Arguments)
            if (argument is IBoundParameter { Error: { } error }) return new(error);
        return next(context);
    }
}
