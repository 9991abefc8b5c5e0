import { Body, Controller, Delete, Get, HttpCode, Post, Put, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Account } from '../domain/account.js';
import { csrfTokenOf } from '../domain/session.js';
import { ChangePassword } from '../usecases/change-password.js';
import { CheckSession } from '../usecases/check-session.js';
import { SignIn } from '../usecases/sign-in.js';
import { bodies, parse } from './bodies.js';
import { giveToken, takeToken } from './cookies.js';
import { Doorway, requireOwnOrigin, SessionGuard, type SignedInRequest } from './session.guard.js';

interface WhoAmI {
  account: Account;
  csrf: string;
}

/** Signing in and out. */
@Controller('api')
export class SessionHttp {
  constructor(
    private readonly signInUseCase: SignIn,
    private readonly sessions: CheckSession,
    private readonly changePasswordUseCase: ChangePassword,
    private readonly doorway: Doorway,
  ) {}

  /** What the sign-in page may show before anybody is signed in. */
  @Get('sign-in')
  door(): { demo: Doorway['demo'] } {
    return { demo: this.doorway.demo };
  }

  @Post('session')
  async signIn(@Body() body: unknown, @Req() req: Request, @Res({ passthrough: true }) res: Response): Promise<WhoAmI> {
    requireOwnOrigin(req);
    const { email, password } = parse(bodies.signIn, body);
    const { account, token } = await this.signInUseCase.run({ email, password, address: req.ip ?? '' });
    giveToken(res, token, this.doorway.transport);
    return { account, csrf: csrfTokenOf(token) };
  }

  @Get('session')
  @UseGuards(SessionGuard)
  whoAmI(@Req() { account, token }: SignedInRequest): WhoAmI {
    return { account, csrf: csrfTokenOf(token) };
  }

  @Delete('session')
  @HttpCode(204)
  @UseGuards(SessionGuard)
  async signOut(@Req() { token }: SignedInRequest, @Res({ passthrough: true }) res: Response): Promise<void> {
    await this.sessions.end(token);
    takeToken(res, this.doorway.transport);
  }

  @Put('session/password')
  @HttpCode(204)
  @UseGuards(SessionGuard)
  async changePassword(
    @Body() body: unknown,
    @Req() { account }: SignedInRequest,
    @Res({ passthrough: true }) res: Response,
  ): Promise<void> {
    const { current, next } = parse(bodies.changePassword, body);
    await this.changePasswordUseCase.run(account, current, next);
    if (account.email === this.doorway.demo?.email) this.doorway.demo = null;
    takeToken(res, this.doorway.transport);
  }
}
