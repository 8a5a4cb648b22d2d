using KeysCluster.Secrets;
using KeysCluster.Validation;

namespace KeysCluster.Projects;

/// <summary>As <see cref="VirtualKeys.VirtualKeyValidatorClient"/>, for the API keys of projects.</summary>
internal sealed class ProjectAuthenticatorClient(
    IGrainFactory grains, LeasedMemory<KnownSecrets> memory, UseReports uses, TimeProvider time) : IProjectAuthenticator
{
    public ValueTask<bool> AuthenticateAsync(Secret apiKey)
    {
        var presented = new PresentedSecret(apiKey);
        Span<char> project = stackalloc char[ProjectId.TextLength];
        ProjectId.WriteOwnerOf(apiKey, project);
        var now = time.GetUtcNow();
        if (memory.Find(project)?.Find(presented.Fingerprint, now) is not { } known) return Ask(apiKey, presented);
        uses.OfProject(apiKey, known, now);
        return new(true);
    }

    private async ValueTask<bool> Ask(Secret apiKey, PresentedSecret presented)
    {
        var project = ProjectId.OwnerOf(apiKey);
        using var pending = memory.Begin(project.ToString());
        var digest = presented.Digest();
        var answer = await AnySilo.Ask(grains, silo => silo.AuthenticateDated(project, digest));
        if (answer is null) return false;

        var secret = new KnownSecret(presented.Fingerprint, answer.Id, answer.ValidUntil ?? DateTimeOffset.MaxValue, null);
        var readAt = pending.Timestamp - (long)(answer.Age.TotalSeconds * time.TimestampFrequency);
        pending.Keep(new KnownSecrets(pending.Epoch, readAt, answer.Revision, secret));
        uses.OfProject(apiKey, secret, time.GetUtcNow());
        return true;
    }
}
