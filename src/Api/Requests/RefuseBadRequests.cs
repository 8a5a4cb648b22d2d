using KeysCluster.Api.Errors;

namespace KeysCluster.Api.Requests;

/// <summary>A part of a request that is read and checked before the handler runs.</summary>
internal interface IRequestPart
{
    /// <summary>What is wrong with it; null when it is good.</summary>
    ErrorResult? Error { get; }
}

/// <summary>Answers for a request a part of which is wrong, so that handlers see good ones only.</summary>
internal sealed class RefuseBadRequests : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var argument in context.Arguments)
            if (argument is IRequestPart { Error: { } error }) return new(error);
        return next(context);
    }
}
