using KeysCluster.Api.Errors;

namespace KeysCluster.Api.Http;

internal static class RequestCheckExtensions
{
    /// <summary>
    /// Refuses requests with query parameters or members that the endpoint does not declare, and with invalid ones.
    /// Documents these errors and those that every endpoint can return.
    /// </summary>
    public static TBuilder AddRequestChecks<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder
        .AddEndpointFilter<TBuilder, QueryCheckFilter>()
        .AddEndpointFilter<TBuilder, BodyCheckFilter>()
        .AddEndpointFilter<TBuilder, BadRequestFilter>()
        .ProducesErrors(ApiErrors.UnknownParameter("page_size"))
        .ProducesErrors(ApiErrors.Common);
}
