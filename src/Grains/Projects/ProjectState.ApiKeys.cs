using System.Text.Json.Serialization;
using KeysCluster.Grains.Secrets;
using KeysCluster.Projects;

namespace KeysCluster.Grains.Projects;

/// <content>The API keys of the project. The members that are stored are in the main file, in stored order.</content>
internal sealed partial record ProjectState
{
    private const string FirstApiKeyName = "First API key";

    /// <summary>All API keys, oldest first.</summary>
    [JsonIgnore]
    public IReadOnlyList<ApiKeyState> ApiKeys =>
        IsFirstApiKeyMoved ? OtherApiKeys ?? [] : [CreateFirstApiKey(), .. OtherApiKeys ?? []];

    /// <summary>The secrets of the first API key; those that it had when it was deleted, made invalid.</summary>
    private SecretSet First => FindApiKey(GetFirstApiKeyId())?.Secrets ?? Secrets;

    public ApiKeyState? FindApiKey(string id) => ApiKeys.FirstOrDefault(key => key.Id == id);

    public ApiKeyState? FindApiKeyBySecret(string secretId) =>
        ApiKeys.FirstOrDefault(key => key.Secrets.Find(secretId) is not null);

    public ProjectState AddApiKey(ApiKeyState key) => this with { OtherApiKeys = [.. OtherApiKeys ?? [], key] };

    /// <summary>Replaces the API key with the same id.</summary>
    public ProjectState ReplaceApiKey(ApiKeyState key)
    {
        if (IsFirstApiKeyMoved || key.Id != GetFirstApiKeyId())
        {
            return this with
            {
                OtherApiKeys = [.. (OtherApiKeys ?? []).Select(other => other.Id == key.Id ? key : other)],
            };
        }

        var isUnrestricted = key.Permissions is null && key.ExpiresAt is null && key.Name == FirstApiKeyName;
        return isUnrestricted
            ? this with { Secrets = key.Secrets }
            : WithoutFirstApiKey() with { OtherApiKeys = [key, .. OtherApiKeys ?? []] };
    }

    public ProjectState RemoveApiKey(string id)
    {
        if (!IsFirstApiKeyMoved && id == GetFirstApiKeyId()) return WithoutFirstApiKey();
        var others = (OtherApiKeys ?? []).Where(key => key.Id != id).ToList();
        return this with { OtherApiKeys = others.Count == 0 ? null : others };
    }

    private string GetFirstApiKeyId() => ApiKeyId.First(ProjectId.Parse(Id)).ToString();

    private ApiKeyState CreateFirstApiKey() => new()
    {
        Id = GetFirstApiKeyId(),
        Name = FirstApiKeyName,
        CreatedAt = CreatedAt,
        Secrets = Secrets,
    };

    /// <summary>Leaves a secret in its place that nothing matches: earlier builds require one.</summary>
    private ProjectState WithoutFirstApiKey() => this with
    {
        IsFirstApiKeyMoved = true,
        Secrets = new SecretSet { CurrentSecret = Secrets.CurrentSecret with { Hash = [], IsExpired = true } },
    };
}
