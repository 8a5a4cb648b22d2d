using KeysCluster.Projects;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Logging;
using Polly;

namespace KeysCluster.Validation;

/// <summary>
/// Calls validation grains. Each call of a silo takes a second at most, so all of <see cref="HedgedCalls"/> have ended
/// after two seconds.
/// </summary>
internal sealed partial class ValidationGrainCaller(
    IGrainFactory grains, TimeProvider time, ILogger<ValidationGrainCaller> logger)
{
    private readonly ResiliencePipeline<ValidationAnswer> _validations =
        HedgedCalls.CreatePipeline<ValidationAnswer>(time);

    private readonly ResiliencePipeline<ApiKeyAuthentication?> _authentications =
        HedgedCalls.CreatePipeline<ApiKeyAuthentication?>(time);

    private readonly LogThrottle _failureLog = new(time);

    /// <exception cref="ValidationUnavailableException">Every call failed.</exception>
    public ValueTask<ValidationAnswer> ValidateAsync(VirtualKeyId key, Sha256Digest digest, ProjectId? project) =>
        InvokeAsync(_validations, async silo =>
        {
            var answer = await silo.Validate(key, digest, project);
            return answer.Verdict.Code == VerdictCode.Unavailable ? throw new ValidationUnavailableException() : answer;
        });

    /// <exception cref="ValidationUnavailableException">Every call failed.</exception>
    public ValueTask<ApiKeyAuthentication?> AuthenticateAsync(ProjectId project, Sha256Digest digest) =>
        InvokeAsync(_authentications, silo => silo.AuthenticateApiKey(project, digest));

    private async ValueTask<T> InvokeAsync<T>(
        ResiliencePipeline<T> pipeline, Func<IValidationGrain, ValueTask<T>> callSilo)
    {
        try
        {
            return await pipeline.ExecuteAsync(async cancellation =>
            {
                try
                {
                    return await callSilo(grains.GetValidationGrain()).AsTask().WaitAsync(cancellation);
                }
                catch (Exception exception)
                    when (HedgedCalls.IsTransient(exception) && !cancellation.IsCancellationRequested)
                {
                    if (_failureLog.TryEnter(out var suppressed)) LogFailed(logger, exception.Message, suppressed);
                    throw;
                }
            });
        }
        catch (Exception exception) when (HedgedCalls.IsTransient(exception))
        {
            throw new ValidationUnavailableException();
        }
    }
}
