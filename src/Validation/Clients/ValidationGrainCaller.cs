using System.Net;
using KeysCluster.Imports;
using KeysCluster.Projects;
using KeysCluster.Validation.Imports;
using KeysCluster.Validation.Telemetry;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Logging;
using Polly;

namespace KeysCluster.Validation.Clients;

/// <summary>
/// Calls validation grains. All of <see cref="HedgedCalls"/> have ended after <see cref="Timeout"/>.
/// </summary>
internal sealed partial class ValidationGrainCaller(
    IGrainFactory grains, TimeProvider time, ILogger<ValidationGrainCaller> logger) : IImportedKeySource
{
    /// <summary>How long a validation takes at most.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly ResiliencePipeline<ValidationResponse> _validations =
        HedgedCalls.CreatePipeline<ValidationResponse>(time, Timeout);

    private readonly ResiliencePipeline<ApiKeyAuthenticationResponse?> _authentications =
        HedgedCalls.CreatePipeline<ApiKeyAuthenticationResponse?>(time, Timeout);

    private readonly ResiliencePipeline<IReadOnlyList<HashScheme>> _schemeReads =
        HedgedCalls.CreatePipeline<IReadOnlyList<HashScheme>>(time, Timeout);

    private readonly ResiliencePipeline<IReadOnlyList<ImportedKey?>> _importedKeyReads =
        HedgedCalls.CreatePipeline<IReadOnlyList<ImportedKey?>>(time, Timeout);

    private readonly LogThrottle _failureLog = new(time);

    /// <exception cref="ValidationUnavailableException">Every call failed.</exception>
    public ValueTask<ValidationResponse> ValidateAsync(
        VirtualKeyId key,
        Sha256Digest digest,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address) =>
        InvokeAsync(_validations, async silo =>
        {
            var answer = await ValidateAsync(silo, key, digest, project, permissions, address);
            return answer.Verdict.Code == VerdictCode.Unavailable ? throw new ValidationUnavailableException() : answer;
        });

    /// <exception cref="ValidationUnavailableException">Every call failed.</exception>
    public ValueTask<ApiKeyAuthenticationResponse?> AuthenticateAsync(ProjectId project, Sha256Digest digest) =>
        InvokeAsync(_authentications, silo => AuthenticateAsync(silo, project, digest));

    /// <exception cref="ValidationUnavailableException">Every call failed.</exception>
    public ValueTask<IReadOnlyList<HashScheme>> GetHashSchemesAsync() =>
        InvokeAsync(_schemeReads, GetHashSchemesAsync);

    /// <exception cref="ValidationUnavailableException">Every call failed.</exception>
    public ValueTask<IReadOnlyList<ImportedKey?>> FindImportedKeysAsync(IReadOnlyList<Sha256Digest> digests) =>
        InvokeAsync(_importedKeyReads, silo => silo.FindImportedKeys(digests));

    /// <summary>
    /// Returns the schemes that a silo knows. One of the previous build does not know the method, nor imported keys.
    /// </summary>
    private static async ValueTask<IReadOnlyList<HashScheme>> GetHashSchemesAsync(IValidationGrain silo)
    {
        try
        {
            return await silo.GetHashSchemes();
        }
        catch (TypeLoadException)
        {
            return [];
        }
    }

    /// <summary>
    /// Validates on a silo. During an upgrade it may have the previous build, which does not know the method: Orleans
    /// then fails to load the type of the call. Its verdict ignores addresses, and has no permissions. When this is
    /// removed: docs/adr/0026-one-earlier-build.md.
    /// </summary>
    private static async ValueTask<ValidationResponse> ValidateAsync(
        IValidationGrain silo,
        VirtualKeyId key,
        Sha256Digest digest,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address)
    {
        try
        {
            return await silo.Validate(key, digest, project, permissions, address);
        }
        catch (TypeLoadException)
        {
            return await silo.Validate(key, digest, project);
        }
    }

    /// <summary>
    /// Authenticates on a silo. One of the previous build knows a single API key for each project, which may do
    /// everything; it answers null for the states of projects that it cannot represent.
    /// </summary>
    private static async ValueTask<ApiKeyAuthenticationResponse?> AuthenticateAsync(
        IValidationGrain silo, ProjectId project, Sha256Digest digest)
    {
        try
        {
            return await silo.AuthenticateApiKey(project, digest);
        }
        catch (TypeLoadException)
        {
            if (await silo.Authenticate(project, digest) is not { } answer) return null;
            var apiKey = new AuthenticatedApiKey(
                ApiKeyId.First(project),
                answer.Id,
                ApiKeyPermissions.All,
                IsRetiring: answer.ValidUntil is not null,
                ProjectStatus.Active);
            return new(apiKey, answer.ValidUntil ?? DateTimeOffset.MaxValue, answer.Revision, answer.Position);
        }
    }

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
