using Microsoft.AspNetCore.Http.Metadata;

namespace KeysCluster.Api.Http;

/// <summary>
/// Refuses a body that has members, or is not JSON, if the endpoint declares no body. A member that is ignored, such as
/// one that asks for a trial run, would change what the caller did not ask for.
/// </summary>
internal sealed class BodyCheckFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.GetEndpoint()!.Metadata.GetMetadata<IAcceptsMetadata>() is null
            ? CheckAsync(context, next)
            : next(context);

    private static async ValueTask<object?> CheckAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var (_, error) = await JsonBodyReader.ReadAsync<NoMembers>(context.HttpContext);
        return error ?? await next(context);
    }

    private sealed record NoMembers : IOptionalBody;
}
